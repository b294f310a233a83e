// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "codec_engine.hpp"
#include "frame_header.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace wspool::detail {

/// How a connection ended that was open.
struct ending {
  close_info close;
  failure error; ///< a violation by the peer, if it has a code
};

/// Cuts the incoming bytes into what Beast may be given.
///
/// Beast's synchronous read goes on to the next frame by itself after a ping, a pong or an empty
/// fragment, and takes a layer below that has no bytes for the end of the connection. So pings and
/// pongs that are valid are taken out here and answered, empty non-final fragments are held back
/// or dropped, and Beast is called only when what it will read is certainly there. Everything that
/// breaks a rule is given to Beast, which knows the rule and the close frame that goes with it.
///
/// A row of small messages is passed on in one go, which saves Beast a read for each. Frames of
/// another uncompressed message are passed on as their bytes come in, so that text that is
/// not UTF-8 is refused at once. A compressed message waits until all its frames are here.
///
///     between frames --data frame--> in a frame --last byte--> between frames
///           |  '--header incomplete--> (in `kept_`) --'
///           '--first frame of a compressed message--> collecting --final frame--> between frames
class codec_input {
public:
  codec_input(role r, const codec_options& options, codec_engine& engine);

  /// Takes all of `bytes`, up to the end of the connection.
  /// @returns how it ended, if it did.
  std::optional<ending> feed(std::string_view bytes, decoded& out);

private:
  // One call of `feed`: all of these take bytes from the front of `bytes_`.
  void continue_frame();
  void complete_kept();
  void begin_frame();

  std::size_t needed(std::string_view bytes) const;

  // These are given a frame, or as much of it as is here, and return how many bytes they took.
  std::size_t act_on(std::string_view bytes);
  std::size_t small_messages(std::string_view bytes);
  std::size_t control(const frame_header& h, std::string_view frame);
  std::size_t data(const frame_header& h, std::string_view bytes);
  std::size_t uncompressed(const frame_header& h, std::string_view bytes);
  std::size_t compressed(const frame_header& h, std::string_view bytes);

  void read_payload(std::string_view bytes, std::size_t payload);
  bool read_input(std::size_t payload);
  void inflate(std::string_view frames);
  void finish_message();
  void keep_unfinished();

  bool mask_fits(const frame_header& h) const noexcept;
  bool continues_message(const frame_header& h) const noexcept;
  bool starts_compressed(const frame_header& h) const noexcept;
  bool is_refused(const frame_header& h) const noexcept;
  bool is_empty_fragment(const frame_header& h) const noexcept;
  bool ends_in_half_a_character(const frame_header& h) const noexcept;

  void on_error(const codec_engine::error_code& ec);
  void fail(violation why);

  role side_;
  message_limits limits_;
  codec_engine& engine_;

  // valid during one call of `feed`
  std::string_view bytes_;
  decoded* out_ = nullptr;
  std::string* message_ = nullptr; // where the message's payload goes: `out_` or `partial_`
  std::unique_ptr<ending> ended_;

  std::size_t begin_ = 0;  // of the message in `*message_`
  std::uint64_t left_ = 0; // bytes of the current data frame still to come
  frame_header last_;      // of the last data frame
  message_kind kind_ = message_kind::text;
  bool in_message_ = false;     // the last data frame was not final
  bool collecting_ = false;     // the current message is compressed
  std::uint64_t collected_ = 0; // bytes of its payload
  std::string partial_;         // payload of an uncompressed message from earlier calls
  std::string frames_;          // frames of a compressed message from earlier calls
  std::uint8_t kept_size_ = 0;
  std::uint8_t held_size_ = 0;
  // An incomplete header or control frame.
  std::array<char, frame_header::max_bytes + frame_header::max_control_payload> kept_;
  // The header of an empty first fragment; it goes out with the next fragment that is not.
  std::array<char, 6> held_;
};

} // namespace wspool::detail
