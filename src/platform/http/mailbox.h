// What other threads want done on a worker's thread, in the order in which they said so. Putting takes no lock: a
// commit leaves hundreds of replies here while the worker empties it, and who waits for a lock is put to sleep.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>

namespace fairward::http {

class Mailbox {
 public:
  using Task = std::move_only_function<void()>;
  enum class Put : std::uint8_t {
    first,   // the box was empty: whoever put this must see to it that run_all is called
    more,    // somebody has seen to that already
    closed,  // the task was dropped
  };

  Mailbox() = default;
  ~Mailbox() { drop(newest_.load()); }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // Any thread.
  Put put(Task&& task) {
    Letter* before = newest_.load(std::memory_order_acquire);
    auto* const letter = new Letter{std::move(task)};
    do {
      if (before == &closed_) {
        delete letter;
        return Put::closed;
      }
      letter->before = before;
    } while (!newest_.compare_exchange_weak(before, letter, std::memory_order_acq_rel, std::memory_order_acquire));
    return before ? Put::more : Put::first;  // the letter itself may have been read and thrown away by now
  }

  // The worker's thread only.
  void run_all() { run(newest_.exchange(nullptr, std::memory_order_acquire)); }
  // Runs what is there and takes nothing any more.
  void close() { run(newest_.exchange(&closed_, std::memory_order_acquire)); }

 private:
  struct Letter {
    Task task;
    Letter* before = nullptr;  // the one put in before this
  };

  void run(Letter* letter) {
    if (letter == &closed_) return;
    Letter* oldest = nullptr;
    while (letter) {
      Letter* const before = letter->before;
      letter->before = oldest;
      oldest = std::exchange(letter, before);
    }
    while (oldest) {
      oldest->task();
      delete std::exchange(oldest, oldest->before);
    }
  }
  void drop(Letter* letter) {
    while (letter && letter != &closed_) delete std::exchange(letter, letter->before);
  }

  Letter closed_;
  std::atomic<Letter*> newest_ = nullptr;
};

}  // namespace fairward::http
