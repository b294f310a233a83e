// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/close_code.hpp>
#include <wspool/connect_options.hpp>
#include <wspool/message.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wspool {

/// Which end of a connection (RFC 6455 §4): a client masks what it sends.
enum class role : std::uint8_t { client, server };

/// What the opening request of a client says.
struct handshake_request {
  std::string host;            ///< of the Host header
  std::string target;          ///< path and query
  std::vector<header> headers; ///< all others, subprotocols, origin and credentials included
};

/// What a server answers to a request that it accepts.
struct accept_options {
  std::vector<header> headers;
  std::string subprotocol; ///< the chosen one, or empty
  bool deflate = true;     ///< whether compression may be agreed on, if the options have it
};

/// A request that a server was asked to upgrade.
struct upgrade_request {
  std::string method;
  std::string target;
  std::vector<header> headers;
  bool is_upgrade = false; ///< a valid WebSocket upgrade (RFC 6455 §4.2.1)
  [[nodiscard]] std::string_view header_value(std::string_view name) const noexcept;
};

/// A ping or pong that came in.
struct control_frame {
  bool is_ping = false;
  std::string payload; ///< at most 125 bytes
};

/// What a feed brought, in the order of the wire within each list.
struct decoded {
  message_batch messages;
  std::vector<control_frame> controls; ///< a ping has been answered already, in `output()`

  bool empty() const noexcept { return messages.empty() && controls.empty(); }
  void clear() noexcept {
    messages.clear();
    controls.clear();
  }
};

/// What a side has to keep to when it compresses: what was agreed, and its own options. A server's
/// connections with equal ones can share what is compressed.
struct deflate_terms {
  int window_bits = 15; ///< 9 to 15
  int level = 6;        ///< zlib's effort, 0 to 9
  friend bool operator==(const deflate_terms&, const deflate_terms&) = default;
};

struct codec_options {
  deflate_options deflate;
  message_limits limits;
};

/// RFC 6455 and RFC 7692 as Boost.Beast implements them, over memory: bytes in, messages out, and
/// the other way round. No socket, no clock, no thread; all calls complete at once.
///
///   idle --start_handshake--> opening --101--> open --close()--> closing --peer's close--> closed
///    |                          |               |                   |
///    '--(server) feed request --'               '--- violation, peer's close ---> failed/closed
///
/// Bytes to be written gather in `output()`; the owner swaps them out and writes them. A violation
/// by the peer leaves the proper close frame there. Not thread-safe.
class codec {
public:
  enum class phase : std::uint8_t {
    idle,    ///< nothing happened yet (a server waits for a request)
    opening, ///< client: request written; server: request complete, `accept` or `refuse` is due
    open,    ///< messages may flow both ways
    closing, ///< our close frame was written; messages may still come in
    closed,  ///< closed by both, or by the peer and answered: see `closed_by()`
    refused, ///< client: the server answered with another status: see `response()`
    failed,  ///< the peer broke the protocol: see `error()`; a close frame may be in `output()`
  };

  codec(role r, const codec_options& options);
  codec(codec&&) noexcept;
  codec& operator=(codec&&) noexcept;
  ~codec();

  [[nodiscard]] phase state() const noexcept;

  // -- opening ---------------------------------------------------------------------------------

  /// Client: writes the upgrade request. What would break the request's head (a line break, a name
  /// that is no token, a space in host or target) makes it `failed` and writes nothing.
  void start_handshake(const handshake_request& request);
  /// Client: the answer, once the state left `opening`. Bytes behind a 101 are frames already and
  /// are decoded in the same feed.
  [[nodiscard]] const upgrade_response& response() const noexcept;
  /// Client: the subprotocol that the server chose; server: the one given to `accept`.
  [[nodiscard]] const std::string& subprotocol() const noexcept;
  /// Server: the request, once the state is `opening`.
  [[nodiscard]] const upgrade_request& request() const noexcept;
  /// Server: gives the request's memory back, behind `accept`; it is empty from then on.
  void forget_request();
  /// Server: upgrades. Precondition: state `opening` and `request().is_upgrade`; otherwise nothing
  /// happens. Frames that came in with the request are decoded by the next `feed`, which may be
  /// given no bytes.
  void accept(const accept_options& options = {});
  /// Server: writes an HTTP answer instead; the state becomes `refused`.
  void refuse(unsigned status, const std::vector<header>& headers, std::string_view body);

  /// Server: the same, but for the body, whose length this tells: it is the owner's to append to
  /// `output()`, now or later.
  void respond(unsigned status, const std::vector<header>& headers, std::uint64_t body_bytes);

  /// The peer ended its stream. A client that was reading an answer is done with it: `refused` if
  /// its head is complete, else `failed` with `errc::end_of_stream`. No effect in other states.
  void end_of_input();

  // -- open ------------------------------------------------------------------------------------

  /// Takes all of `bytes`. What is complete is appended to `out`; the rest is kept. Bytes after a
  /// close frame or a violation are ignored.
  void feed(std::string_view bytes, decoded& out);

  /// Encodes a message behind `output()`.
  /// @returns `errc::too_big` or `errc::invalid_message` (text that is not UTF-8), and then
  ///          encodes nothing; `errc::closed` if the state is not `open`. When a message and a
  ///          close frame came in by the same feed, the message may still be answered: as long as
  ///          the answer to the close frame is in `output()`, what is written goes before it.
  [[nodiscard]] errc write(std::string_view data, message_kind kind,
                           compression compress = compression::automatic);

  /// Server: appends whole frames that `append_server_frame` made, as they are: what goes to many
  /// is framed once. Uncompressed, whatever was negotiated (RFC 7692 §6).
  /// @returns `errc::closed` if the state is not `open`.
  [[nodiscard]] errc write_framed(std::string_view frames);

  /// Server: appends a whole frame that `append_deflated_frame` made with this connection's
  /// `terms`: what goes to many is compressed once. The connection's own compressor forgets its
  /// window, and has no memory until it is needed again: the peer's now has a message in it that
  /// the compressor has not seen. Precondition: `deflate()`.
  /// @returns `errc::closed` if the state is not `open`.
  [[nodiscard]] errc write_deflated(std::string_view frame);

  /// Writes a ping (RFC 6455 §5.5.2). Longer payloads than 125 bytes are `errc::too_big`.
  [[nodiscard]] errc ping(std::string_view payload);
  [[nodiscard]] errc pong(std::string_view payload);

  /// Begins the closing handshake (RFC 6455 §7.1.2). The reason is cut at 123 bytes, between
  /// characters, and where it stops being UTF-8. `close_code::no_status` sends neither code nor
  /// reason; another code that may not be sent becomes 1000. Only in state `open`.
  /// Messages that come in before the peer's close frame are still decoded.
  void close(std::uint16_t code, std::string_view reason);

  /// Bytes for the peer. The owner may swap the string out.
  [[nodiscard]] std::string& output() noexcept;

  // -- ended -----------------------------------------------------------------------------------

  /// Which code and reason, whose idea (states `closed` and `failed`): what the peer's close frame
  /// said (RFC 6455 §7.1.5), or the code that it was told of its violation.
  [[nodiscard]] const close_info& closed_by() const noexcept;
  /// Why the state is `failed` (or `refused` by an invalid answer), with the rule that was broken.
  [[nodiscard]] const failure& error() const noexcept;

  /// Whether permessage-deflate was negotiated.
  [[nodiscard]] bool deflate() const noexcept;
  /// How this side compresses. Meaningless without `deflate()`.
  [[nodiscard]] deflate_terms terms() const noexcept;
  /// Whether `write` would compress a message of so many bytes.
  [[nodiscard]] bool compresses(std::size_t bytes, compression compress) const noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// Frames a message as a server does, which masks nothing (RFC 6455 §5.1). Whether text is UTF-8 is
/// the caller's to know.
void append_server_frame(std::string& to, std::string_view data, message_kind kind);

/// The same, compressed by itself: it refers to no other message, and none that follows refers to
/// it. Any connection with these terms can read it, whatever it read before. Precondition: the
/// message is not empty.
void append_deflated_frame(std::string& to, std::string_view data, message_kind kind,
                           const deflate_terms& terms);

/// How many whole messages (final data frames) lie in the first `taken` bytes of an output that
/// holds only whole frames, and whether a further one lies there in part when `doubt` bytes behind
/// may have left too. For the account of a write that failed.
struct written_messages {
  std::size_t whole = 0;   ///< entirely within the first `taken` bytes
  std::size_t touched = 0; ///< further ones that reach into [0, taken + doubt)
};
[[nodiscard]] written_messages count_written(std::string_view output, std::size_t taken,
                                             std::size_t doubt) noexcept;

} // namespace wspool
