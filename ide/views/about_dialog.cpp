// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/about_dialog.hpp"

#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTextBrowser>
#include <algorithm>

namespace rbpf::views {

namespace {

constexpr int kIconSize = 64;

} // namespace

AboutDialog::AboutDialog(const QString& version, std::vector<Part> parts, QWidget* parent)
    : QDialog(parent), version_(version), parts_(std::move(parts)), text_(new QTextBrowser) {
    setWindowTitle(tr("About rBPF Studio"));
    auto* layout = new QVBoxLayout(this);
    auto* top = new QHBoxLayout;
    auto* picture = new QLabel;
    picture->setPixmap(QApplication::windowIcon().pixmap(kIconSize));
    top->addWidget(picture, 0, Qt::AlignTop);
    auto* words = new QLabel(tr("<h2>rBPF Studio %1</h2><p>An SDK, an editor and an on-device debugger for small sandboxed scripts "
                                "on microcontrollers.</p>")
                                 .arg(version_));
    words->setWordWrap(true);
    top->addWidget(words, 1);
    layout->addLayout(top);
    text_->setAccessibleName(tr("Versions and licences"));
    text_->setOpenExternalLinks(true);
    layout->addWidget(text_, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QPushButton* take = buttons->addButton(tr("&Copy"), QDialogButtonBox::ActionRole);
    take->setToolTip(tr("Copies the versions, for a report"));
    connect(take, &QPushButton::clicked, this, &AboutDialog::copy);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 72, fontMetrics().height() * 30);
    fill();
}

void AboutDialog::setPart(const QString& name, const QString& version) {
    const auto part = std::ranges::find(parts_, name, &Part::name);
    if (part == parts_.end()) {
        parts_.push_back({name, version});
    } else {
        part->version = version;
    }
    fill();
}

void AboutDialog::fill() {
    QString html = tr("<h3>Versions</h3>") + QStringLiteral("<table cellspacing='4'>");
    for (const Part& part : parts_) {
        html += QStringLiteral("<tr><td>%1</td><td style='padding-left:16px'>%2</td></tr>")
                    .arg(part.name.toHtmlEscaped(), part.version.toHtmlEscaped());
    }
    html += QStringLiteral("</table>");
    html += tr("<h3>Licences</h3>"
               "<p>rBPF Studio, its libraries and its commands: GNU General Public License, version 3 or later. This program "
               "comes with no warranty; you may pass it on under the licence's terms.</p>"
               "<p>The headers and the firmware that go into boards: GNU Lesser General Public License, version 2.1 or later. "
               "Your scripts stay yours.</p>"
               "<p>Made with Qt and Qt Charts (GPL-3.0), QScintilla (GPL-3.0), LLVM and Clang (Apache-2.0 with LLVM exceptions), "
               "nlohmann/json, fmt, CLI11, tl::expected and libusb under their own licences. Full texts: "
               "/usr/share/doc/rbpf-studio of the installed package, COPYING in the sources.</p>");
    text_->setHtml(html);
}

void AboutDialog::copy() const {
    QString text = QStringLiteral("rBPF Studio %1\n").arg(version_);
    for (const Part& part : parts_) {
        text += QStringLiteral("%1: %2\n").arg(part.name, part.version);
    }
    QApplication::clipboard()->setText(text);
}

} // namespace rbpf::views
