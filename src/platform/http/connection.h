// One client: reads requests one after the other, has each answered, writes the replies in order.
//
//   reading_head -> reading_body -> answering -> reading_head …           keep-alive; pipelined bytes wait in input_
//                                   answering -> streaming -> reading_head
//   any -> closing (the last reply is being written) -> lingering (what still arrives is thrown away) -> closed
//
// While it waits, for a request or for an answer, it owns no buffer: reading goes through the worker's.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "platform/http/chunked.h"
#include "platform/http/head.h"
#include "platform/http/http.h"
#include "platform/http/reactor.h"
#include "platform/http/reply.h"
#include "platform/http/worker.h"

namespace fairward::http {

class StreamState;

class Connection final : public Watched, public Home, public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Worker> worker, int descriptor, std::string peer);
  ~Connection() override;

  // Any thread: the answer to the request in progress. In vain when the client is gone.
  void answer(Response&& response);
  // Any thread: the step may answer, and the reply goes out as soon as it has.
  void run(std::move_only_function<void()>&& step) override;
  Worker& worker() { return *worker_; }
  const std::string& peer() const { return peer_; }
  bool is_peer_trusted() const { return is_peer_trusted_; }  // a proxy of ours, behind which there are many

  // The rest belongs to the worker's thread.
  void start();
  void refuse_overload();
  void stop_gently();
  void close();
  void on_readable() override;
  void on_writable() override;
  void on_tick();
  void on_stream_ready();

  std::size_t index = 0;  // place among the worker's connections; the worker keeps it

 private:
  enum class Phase : std::uint8_t { reading_head, reading_body, answering, streaming, closing, lingering, closed };

  // A request whose body is still arriving.
  struct Arriving {
    Head head;
    ChunkedBody chunked;
  };
  // A reply the kernel did not take at once.
  struct Unsent {
    std::string bytes;
    std::string body;
    std::string_view static_body;
    std::size_t sent = 0;
    std::int64_t give_up_at = 0;  // tick by which all of it must be taken, however steadily the client reads
  };

  bool is_reading() const { return phase_ == Phase::reading_head || phase_ == Phase::reading_body; }
  std::int64_t seconds_from_now(int seconds) const { return worker_->tick() + seconds; }

  std::size_t serve(std::string_view bytes);
  void serve_input();
  void settle();
  std::size_t advance_head(std::string_view bytes);
  std::size_t advance_body(std::string_view bytes);
  std::size_t begin_request(Head&& head, std::string_view bytes, std::size_t head_size);
  void begin_body(Head&& head, bool has_body_bytes);
  void dispatch(Head&& head);
  void on_end_of_input();
  void on_deadline();

  void answer_here(Response&& response);
  void reply(Response&& response);
  void begin_stream(Response&& response);
  void end_reply();
  void refuse(TransportProblem problem);
  void refuse(HeadFault fault);

  void transmit(std::string&& body, std::string_view static_body);
  void flush();
  long send_once(const Unsent& unsent);
  void on_drained();
  void finish_closing();
  void watch_input();

  const std::shared_ptr<Worker> worker_;
  Watch watch_;
  const std::string peer_;
  const bool is_peer_trusted_;  // a proxy of ours: it says who the client is
  std::string input_;           // bytes read and not used: an incomplete head, or pipelined requests
  std::unique_ptr<Arriving> arriving_;
  std::unique_ptr<Unsent> unsent_;
  std::unique_ptr<Response> held_;  // an answer that waits for unsent_ to go out
  std::shared_ptr<StreamState> stream_;
  std::int64_t deadline_ = 0;  // tick after which on_deadline is called; 0: none
  std::uint32_t scanned_ = 0;  // bytes of the current head that were looked at
  Phase phase_ = Phase::reading_head;
  bool is_head_begun_ = false;  // the deadline of the head runs
  bool is_watching_input_ = false;
  bool is_input_ended_ = false;
  bool is_calling_handler_ = false;
  bool is_leading_ = false;  // a step that was handed over runs
  bool must_linger_ = false;
  // Of the request in progress:
  bool is_head_request_ = false;
  bool is_http_1_0_ = false;
  bool keeps_alive_ = true;
};

}  // namespace fairward::http
