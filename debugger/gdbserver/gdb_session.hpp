// SPDX-License-Identifier: GPL-3.0-or-later
// One GDB's session: its requests, answered from the board or, behind the present, from history.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "debugger/gdbserver/board_text.hpp"
#include "debugger/gdbserver/gdb_socket.hpp"
#include "debugger/gdbserver/past.hpp"
#include "debugger/gdbserver/server.hpp"
#include "debugger/session/recorder.hpp"

namespace rbpf::gdbserver {

class GdbSession {
public:
    GdbSession(GdbSocket& gdb, rsp::RspClient& board, const Options& options)
        : gdb_(gdb), board_(board), options_(options) {}

    /// Takes the seat, attaches and halts.
    [[nodiscard]] support::Result<void> begin();
    /// Answers what GDB has sent so far.
    [[nodiscard]] support::Result<void> serveGdb();
    /// Takes what the board has sent so far.
    [[nodiscard]] support::Result<void> serveBoard();
    /// There is nothing left to debug: GDB is told.
    void giveUp(const std::string& sentence);
    /// The link to the board is lost; until found() GDB is served from what is known, and what it resumes waits.
    void lose(const support::Error& error);
    [[nodiscard]] bool lost() const { return lost_; }
    /// `board` has a line again: everything is set as it was, and what waited goes on. An Error leaves it lost.
    [[nodiscard]] support::Result<void> found();
    /// Lets the script go on, unless GDB has done so.
    void end();
    /// True when GDB has said goodbye, or there is nothing left to debug.
    [[nodiscard]] bool over() const { return over_; }

    /// "No answer needed" is nullopt: what runs is answered when it stops.
    using Answer = support::Result<std::optional<std::string>>;

private:
    struct Row;
    static const Row kRows[];

    // Requests, by the letter or name they begin with; `text` is what follows.
    Answer supported(std::string_view text);
    Answer noAck(std::string_view text);
    Answer why(std::string_view text);
    Answer readRegisters(std::string_view text);
    Answer writeRegisters(std::string_view text);
    Answer readRegister(std::string_view text);
    Answer writeRegister(std::string_view text);
    Answer readMemory(std::string_view text);
    Answer writeMemory(std::string_view text);
    Answer writeBinary(std::string_view text);
    Answer insertPoint(std::string_view text);
    Answer removePoint(std::string_view text);
    Answer resume(std::string_view text);
    Answer step(std::string_view text);
    Answer actions(std::string_view text);
    Answer reverseStep(std::string_view text);
    Answer reverseContinue(std::string_view text);
    Answer detach(std::string_view text);
    Answer kill(std::string_view text);
    Answer monitor(std::string_view text);
    Answer transfer(std::string_view text);
    Answer fine(std::string_view text);
    Answer isAttached(std::string_view text);
    Answer currentThread(std::string_view text);
    Answer firstThreads(std::string_view text);
    Answer moreThreads(std::string_view text);

    void request(const std::string& payload);
    support::Result<void> attach(bool take);
    Answer go(char action);
    void interrupt();
    void console(const std::string& text);
    Answer dispatch(std::string_view payload);
    Answer setPoint(std::string_view text, bool insert);
    Answer store(std::uint32_t address, const std::vector<std::uint8_t>& bytes);
    Answer arrived(const support::Result<Past::Arrival>& arrival, bool resumesLive);
    [[nodiscard]] support::Result<rsp::Registers> registers();
    [[nodiscard]] support::Result<std::vector<std::uint8_t>> memory(std::uint32_t address, std::uint32_t size);
    [[nodiscard]] bool inPast() const { return past_ && past_->inPast(); }
    support::Result<void> beginHistory();
    void event(const rsp::Event& event);
    void stopped(const rsp::StopReply& stop);
    [[nodiscard]] support::Result<const session::MachineState*> pastState();
    [[nodiscard]] std::string stopText(const rsp::StopReply& stop) const;

    GdbSocket& gdb_;
    rsp::RspClient& board_;
    const Options& options_;
    rsp::StopReply live_; ///< the last stop; its registers are kept current
    MonitorState monitor_;
    Points points_;
    std::unique_ptr<session::History> history_; ///< these three: only with history
    std::unique_ptr<session::Recorder> recorder_;
    std::unique_ptr<Past> past_;
    std::optional<session::MachineState> pastState_; ///< of the place in the past, once somebody asked
    std::string gone_;                               ///< why there is nothing left to debug, or ""
    std::optional<std::array<std::uint8_t, 16>> buildId_;
    char action_ = 'c';     ///< what GDB waits for: 'c' or 's'
    bool waiting_ = false;  ///< GDB waits for a stop reply
    bool lost_ = false;     ///< the link
    bool attached_ = false; ///< the board's container is ours
    bool over_ = false;
};

} // namespace rbpf::gdbserver
