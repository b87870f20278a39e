// The words of all messages in English; every other language has the same kinds and names.
#include "modules/notifications/templates.h"

namespace fairward::notifications {
namespace {

constexpr Template templates[] = {
    {"appointment_booked", "Appointment booked: {when}",
     "Your appointment is booked.\n\n{doctor}\n{when}\n{hospital}\n\nThe attached file puts it into your calendar.",
     "Your appointment on {when} at {hospital} is booked. {link}", "See the appointment"},
    {"appointment_moved", "Appointment moved to {when}",
     "Your appointment has been moved.\n\n{doctor}\nnow: {when}\nbefore: {before}\n{hospital}\n\nThe attached file "
     "moves "
     "it in your calendar.",
     "Your appointment is moved from {before} to {when}, {hospital}. {link}", "See the appointment"},
    {"appointment_cancelled", "Appointment cancelled: {when}",
     "Your appointment is cancelled.\n\n{doctor}\n{when}\n{hospital}\n\nIf money goes back to you, you are told when "
     "it "
     "has been sent.",
     "Your appointment on {when} at {hospital} is cancelled. {link}", "Book another one"},
    {"refund_done", "{amount} sent back to you",
     "We have sent {amount} back to you, the way you paid.\n\nIt may take your bank some days to show it.",
     "{amount} has been sent back to you.", "See the appointment"},
    {"offer_made", "A slot is free for you until {until}",
     "You waited, and it is your turn.\n\n{doctor}\n{when}\n{hospital}\n\nIt is yours alone until {until}; then the "
     "next "
     "one in line is asked.",
     "It is your turn: {when} at {hospital}, kept for you until {until}. {link}", "Take the slot"},
    {"offer_lapsed", "The slot that was kept for you has gone on",
     "A slot with {doctor} was kept for you and was not taken in time, so the next one in line was asked.\n\n"
     "Appointment Failed \xe2\x80\x93 Retry, as other users are holding reserved slots. You can stand in line again.",
     "The slot kept for you was not taken in time and has gone to the next one. Try again: {link}", "Try again"},
    {"wait_unserved", "No slot is left for you",
     "You waited for a slot with {doctor}. Every one that you asked for is booked now.\n\n"
     "Appointment Failed \xe2\x80\x93 Slot Full. Please look for another day or another doctor.",
     "Every slot that you waited for is booked now. Look for another: {link}", "Look for another"},
    {"wait_expired", "Your wait has ended without a slot",
     "You waited for a slot with {doctor} for the longest time that is allowed, and none became free.\n\n"
     "Appointment Failed \xe2\x80\x93 Retry, as other users are holding reserved slots. You can stand in line again.",
     "Your wait has ended without a slot. You can stand in line again: {link}", "Try again"},
    {"appointment_reminder", "Reminder: appointment on {when}",
     "You have an appointment.\n\n{doctor}\n{when}\n{hospital}\n\nIf you cannot come, please cancel it, so that "
     "somebody "
     "else can have the time.",
     "Reminder: appointment on {when} at {hospital}. Cancel or change: {link}", "See the appointment"},
    {"monthly_report", "Report for {month}: {subject}", "{report}", "", "See the statistics"},
    {"export_ready", "Your file is ready",
     "The file that you asked for is ready. It is kept for a limited time; the link to it is good for 15 minutes "
     "from when you open the list.",
     "", "See your files"},
    {"login_code", "Your code: {secret}",
     "Your code is {secret}.\n\nIt is good for a few minutes and for one login. Nobody of ours will ever ask you for "
     "it. "
     "If you did not ask for a code, do nothing.",
     "{secret} is your code. Never tell it to anybody.", ""},
    {"login_code_refused", "Somebody tried to log in",
     "Somebody asked for a code to log in with this address, and there is no account with it, or it logs in with a "
     "password.\n\nIf it was not you, do nothing.",
     "A code was asked for to log in, but this number does not log in by code.", ""},
    {"password_reset", "Choose a new password",
     "Somebody, probably you, asked for a new password.\n\nThe link below lets you choose one, once, within "
     "{minutes} minutes. If it was not you, do nothing: the old password stays.",
     "Choose a new password: {link}", "Choose a new password"},
    {"password_changed", "Your password has been changed",
     "The password of your account has been changed, and all other sessions have ended.\n\nIf it was not you, ask for "
     "a "
     "new password at once.",
     "The password of your account has been changed.", ""},
    {"invitation", "An account is waiting for you",
     "You have been invited to work with us here.\n\nThe link below lets you choose a password and log in. It is good "
     "once, for some days.",
     "You have been invited; choose a password: {link}", "Accept the invitation"},
    {"hospital_refused", "{hospital} was not approved",
     "You asked for {hospital} to be listed with us. It was not approved.\n\n{reason}", "", ""},
    {"account_approved", "Your account is open", "Your account has been approved. You can log in now.",
     "Your account has been approved. You can log in now.", "Log in"},
};

}  // namespace

const Language english{"en",
                       "English",
                       "ltr",
                       {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
                       {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
                       "Appointments",
                       "Appointment",
                       "Dear {name},",
                       "Hello,",
                       "You get this because you have an account with us. What you are told, and how, is yours to "
                       "choose in your settings.",
                       {"Doctor", "Visits", "Cancelled", "Did not come", "Fees"},
                       templates};

}  // namespace fairward::notifications
