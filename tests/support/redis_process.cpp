// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "support/redis_process.hpp"

#include "support/certificates.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace wspool::test {

namespace {

/// One that nobody listens on now. Somebody else may take it before we do; then we try another.
std::uint16_t free_port() {
  const auto handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const auto good = handle >= 0 && ::bind(handle, reinterpret_cast<sockaddr*>(&address), size) == 0
                    && ::getsockname(handle, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(handle);
  return good ? ntohs(address.sin_port) : 0;
}

} // namespace

redis_process::redis_process(setup how) : how_(std::move(how)) {
  auto name = (std::filesystem::temp_directory_path() / "wspool-redis-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw std::runtime_error{"no temporary directory"};
  directory_ = name;
  for (int attempt = 0; attempt < 5; ++attempt) {
    port_ = free_port();
    try {
      start();
      return;
    } catch (const std::runtime_error&) {
      if (attempt == 4)
        throw;
    }
  }
}

redis_process::~redis_process() {
  process_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void redis_process::start() {
  const auto port = std::to_string(port_);
  std::vector<std::string> command{"redis-server",
                                   "--bind",
                                   "127.0.0.1",
                                   "--dir",
                                   directory_,
                                   "--save",
                                   "",
                                   "--daemonize",
                                   "no",
                                   "--appendonly",
                                   how_.keep_data ? "yes" : "no",
                                   "--appendfsync",
                                   how_.keep_data ? "always" : "no",
                                   "--port",
                                   how_.tls ? "0" : port};
  if (how_.tls) {
    const auto ours = identity("server");
    for (const auto& word :
         {std::string{"--tls-port"}, port, std::string{"--tls-cert-file"}, ours.certificate_file,
          std::string{"--tls-key-file"}, ours.key_file, std::string{"--tls-ca-cert-file"},
          authority_file(), std::string{"--tls-auth-clients"}, std::string{"no"}})
      command.push_back(word);
  }
  if (!how_.password.empty()) {
    command.emplace_back("--requirepass");
    command.push_back(how_.password);
  }
  process_.reset();
  process_ = std::make_unique<peer_process>(command);
  const auto line = process_->wait_for_line([](std::string_view text) {
    return text.find("Ready to accept connections") != std::string_view::npos;
  });
  if (line.empty())
    throw std::runtime_error{"redis-server does not listen: did config/bootstrap install it?"};
}

std::string redis_process::url(const std::string& database) const {
  const auto secret = how_.password.empty() ? std::string{} : ":" + how_.password + "@";
  return (how_.tls ? "rediss://" + secret + "localhost:" : "redis://" + secret + "127.0.0.1:")
         + std::to_string(port_) + "/" + database;
}

std::string redis_process::run(const std::vector<std::string>& words) {
  std::vector<std::string> command{"redis-cli", "-p", std::to_string(port_)};
  command.insert(command.end(), words.begin(), words.end());
  peer_process client{command};
  return client.wait_for_line([](std::string_view) { return true; });
}

} // namespace wspool::test
