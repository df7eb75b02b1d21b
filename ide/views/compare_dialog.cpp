// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/compare_dialog.hpp"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProcess>
#include <QSyntaxHighlighter>
#include <QTemporaryFile>
#include <QVBoxLayout>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

class DiffColours : public QSyntaxHighlighter {
public:
    using QSyntaxHighlighter::QSyntaxHighlighter;

protected:
    void highlightBlock(const QString& line) override {
        if (line.startsWith(QLatin1String("---")) || line.startsWith(QLatin1String("+++")) ||
            line.startsWith(QLatin1Char('@'))) {
            setFormat(0, static_cast<int>(line.size()), theme().comment);
        } else if (line.startsWith(QLatin1Char('-'))) {
            setFormat(0, static_cast<int>(line.size()), theme().error);
        } else if (line.startsWith(QLatin1Char('+'))) {
            setFormat(0, static_cast<int>(line.size()), theme().good);
        }
    }
};

} // namespace

CompareDialog::CompareDialog(const QString& name, QWidget* parent) : QDialog(parent), text_(new QPlainTextEdit) {
    setWindowTitle(tr("%1 on disk and here").arg(name));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(760, 480);
    text_->setReadOnly(true);
    text_->setFont(codeFont());
    text_->setLineWrapMode(QPlainTextEdit::NoWrap);
    text_->setAccessibleName(tr("Differences"));
    new DiffColours(text_->document());
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(new QLabel(tr("Lines with − are on disk only, lines with + only here.")));
    layout->addWidget(text_, 1);
    layout->addWidget(buttons);
}

void CompareDialog::open(const QString& name, const QString& onDisk, const QString& here, QWidget* parent) {
    auto* dialog = new CompareDialog(name, parent);
    auto* before = new QTemporaryFile(dialog);
    auto* diff = new QProcess(dialog);
    if (!before->open() || before->write(onDisk.toUtf8()) < 0 || !before->flush()) {
        dialog->show(tr("The texts cannot be compared: %1").arg(before->errorString()));
        return;
    }
    connect(diff, &QProcess::finished, dialog, [dialog, diff] { dialog->show(QString::fromUtf8(diff->readAllStandardOutput())); });
    connect(diff, &QProcess::errorOccurred, dialog, [dialog, diff] {
        dialog->show(tr("The texts cannot be compared: %1 (package diffutils)").arg(diff->errorString()));
    });
    connect(diff, &QProcess::started, diff, [diff, here] {
        diff->write(here.toUtf8());
        diff->closeWriteChannel();
    });
    diff->start(QStringLiteral("diff"), {QStringLiteral("-u"), QStringLiteral("--label"), tr("on disk"),
                                         QStringLiteral("--label"), tr("here"), before->fileName(), QStringLiteral("-")});
}

void CompareDialog::show(const QString& differences) {
    text_->setPlainText(differences);
    QDialog::show();
}

} // namespace rbpf::views
