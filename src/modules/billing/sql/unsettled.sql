-- Money that was captured and has not come to its end. Empty when nothing is under way: every captured payment ends
-- settled or refunded. A captured row is never seen, because the owner decides in the transaction that hears of it.
SELECT id, status, captured_at FROM billing_payment WHERE status IN ('captured', 'refund_due') ORDER BY captured_at
