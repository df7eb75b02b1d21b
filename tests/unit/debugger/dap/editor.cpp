// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/debugger/dap/editor.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rbpf::dap::test {

Editor::Editor() {
    std::array<int, 2> ends{};
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    near = transport::Fd(ends[0]);
    far = transport::Fd(ends[1]);
    fcntl(near.get(), F_SETFL, O_NONBLOCK);
    client = std::make_unique<Client>(far.get(), far.get());
    adapter = std::make_unique<Adapter>(*client, environment);
}

void Editor::send(const std::string& bytes) const {
    REQUIRE(::write(near.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
}

std::vector<json> Editor::receive() {
    static_cast<void>(client->flush());
    std::array<char, 65536> buffer{};
    for (ssize_t count = 0; (count = ::read(near.get(), buffer.data(), buffer.size())) > 0;) {
        reader_.feed({buffer.data(), static_cast<std::size_t>(count)});
    }
    std::vector<json> result;
    while (auto message = reader_.next().value()) {
        result.push_back(std::move(*message));
    }
    return result;
}

json Editor::ask(const std::string& command, const json& arguments) {
    send(support::encodeMessage({{"seq", ++seq}, {"type", "request"}, {"command", command}, {"arguments", arguments}}));
    REQUIRE(client->poll(std::chrono::milliseconds(1000)));
    while (const auto request = client->next()) {
        adapter->handle(*request);
    }
    json response;
    for (json& message : receive()) {
        if (message["type"] == "response" && message["request_seq"] == seq) {
            REQUIRE(response.is_null());
            response = std::move(message);
        } else {
            events.push_back(std::move(message));
        }
    }
    REQUIRE(response.is_object());
    return response;
}

json Editor::body(const std::string& command, const json& arguments) {
    const json response = ask(command, arguments);
    INFO(response.dump());
    REQUIRE(response["success"] == true);
    return response.value("body", json());
}

json Editor::event(const std::string& name) {
    for (json& message : receive()) {
        events.push_back(std::move(message));
    }
    for (auto one = events.begin(); one != events.end(); ++one) {
        if (one->value("event", "") == name) {
            json found = std::move(*one);
            events.erase(one);
            return found.value("body", json::object());
        }
    }
    return {};
}

void Editor::launch(const json& arguments) {
    body("initialize", {{"adapterID", "rbpf"},
                        {"supportsProgressReporting", true},
                        {"supportsInvalidatedEvent", true},
                        {"supportsMemoryEvent", true}});
    body("launch", arguments);
    REQUIRE(event("initialized").is_object());
    body("configurationDone");
}

json Editor::stopAt(unsigned line, rbpf_cause_t cause, std::vector<int> breakpoints) {
    session::Stop stop = ScriptedSession::stopAt(line, cause);
    stop.breakpoints = std::move(breakpoints);
    environment.session->willStop(stop);
    adapter->pump(std::chrono::milliseconds(0));
    return event("stopped");
}

} // namespace rbpf::dap::test
