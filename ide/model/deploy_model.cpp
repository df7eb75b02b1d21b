// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/deploy_model.hpp"

#include "debugger/link/deploy.hpp"
#include "ide/cli/board_choice.hpp"
#include "ide/cli/known_builds.hpp"
#include "ide/model/background.hpp"

namespace rbpf::model {

namespace {

support::Result<link::BoardClient> open(const std::string& board, std::stop_token stop, link::BoardRecord& record) {
    auto found = cli::findOrStartBoard(board, std::move(stop));
    if (!found) {
        return tl::unexpected(found.error());
    }
    record = std::move(*found);
    return cli::connectBoard(record);
}

} // namespace

template <typename Work>
void DeployModel::run(const QString& what, Work work) {
    if (isBusy()) {
        return;
    }
    stop_.emplace();
    Q_EMIT started(what);
    inBackground(this, [work, stop = stop_->get_token()] { return work(stop); },
                 [this](support::Result<Done> done) {
                     stop_ = std::nullopt;
                     if (done) {
                         undo_ = std::move(done->undo);
                         Q_EMIT finished(done->sentence);
                     } else {
                         Q_EMIT failed(QString::fromStdString(done.error().message),
                                     QString::fromStdString(done.error().hint));
                     }
                 });
}

void DeployModel::deploy(const QString& board, image::Image image) {
    run(tr("Deploying %1").arg(QString::fromStdString(image.name)),
        [this, name = board.toStdString(), image = std::move(image)](std::stop_token stop) -> support::Result<Done> {
            link::BoardRecord record;
            auto client = open(name, stop, record);
            if (!client) {
                return tl::unexpected(client.error());
            }
            link::Options ask;
            ask.stop = stop;
            const auto slots = client->slots(ask);
            if (!slots) {
                return tl::unexpected(slots.error());
            }
            const auto slot = link::chooseSlot(*slots, image, std::nullopt);
            if (!slot) {
                return tl::unexpected(slot.error());
            }
            Done done;
            done.undo = {record.id, *slot, {}};
            if (!(*slots)[*slot].buildId.empty()) {
                done.undo.image = client->readBack(*slot, ask).value_or(std::vector<std::uint8_t>());
            }
            link::DeployOptions options;
            options.slot = *slot;
            options.stop = stop;
            options.progress = [this](std::uint32_t, std::size_t sent, std::size_t total) {
                Q_EMIT progress(sent, total); // queued: the receivers live on the window's thread
            };
            const auto deployed = link::deploy(*client, image, options);
            if (!deployed) {
                return tl::unexpected(deployed.error());
            }
            done.sentence = tr("%1 %2 runs in slot %3 of %4 (%5 bytes, %6 ms)")
                                .arg(QString::fromStdString(image.name), QString::fromStdString(image.version))
                                .arg(deployed->slot)
                                .arg(QString::fromStdString(record.id))
                                .arg(image.bytes.size())
                                .arg(deployed->took.count());
            for (const std::string& address : link::coapAddresses(image, record.coap)) {
                done.sentence += tr("; it answers at %1").arg(QString::fromStdString(address));
            }
            return done;
        });
}

void DeployModel::undo() {
    if (!canUndo()) {
        return;
    }
    run(tr("Putting the previous script back"), [back = *undo_](std::stop_token stop) -> support::Result<Done> {
        link::BoardRecord record;
        auto client = open(back.board, stop, record);
        if (!client) {
            return tl::unexpected(client.error());
        }
        link::Options options;
        options.stop = stop;
        Done done;
        done.undo = {back.board, back.slot,
                     client->readBack(back.slot, options).value_or(std::vector<std::uint8_t>())};
        const auto put = back.image.empty() ? client->remove(back.slot, options)
                                            : client->install(back.slot, back.image, options);
        if (!put) {
            return tl::unexpected(put.error());
        }
        done.sentence = back.image.empty() ? tr("Slot %1 of %2 is empty again").arg(back.slot).arg(QString::fromStdString(back.board))
                                           : tr("The previous script is back in slot %1 of %2").arg(back.slot).arg(QString::fromStdString(back.board));
        return done;
    });
}

void DeployModel::cancel() {
    if (stop_) {
        stop_->request_stop();
    }
}

} // namespace rbpf::model
