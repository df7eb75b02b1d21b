// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/hover.hpp"

#include <QHelpEvent>
#include <QTextDocument>
#include <QToolTip>

namespace rbpf::views {

namespace {

using Base = QsciScintillaBase;

/// Prose; clangd's headings would be larger than the text around the tooltip.
QString prose(QString text) {
    static const QRegularExpression heading(QStringLiteral("^#+ (.*)$"), QRegularExpression::MultilineOption);
    text.replace(heading, QStringLiteral("**\\1**"));
    static const QRegularExpression rule(QStringLiteral("^---$"), QRegularExpression::MultilineOption);
    text.replace(rule, QString());
    if (text.trimmed().isEmpty()) {
        return {};
    }
    QTextDocument document;
    document.setDefaultFont(QToolTip::font());
    document.setMarkdown(text);
    return document.toHtml();
}

/// What stands between fences keeps its lines; tooltips would break them.
QString html(const std::string& markdown) {
    QString result;
    bool isCode = false;
    for (const QString& part : QString::fromStdString(markdown).split(QStringLiteral("```"))) {
        if (isCode) {
            const QString code = part.mid(part.indexOf(QLatin1Char('\n')) + 1); // the language's name is before
            result += QStringLiteral("<p style=\"font-family:'%1'\">%2</p>")
                          .arg(codeFont().family(), code.trimmed()
                                                        .toHtmlEscaped()
                                                        .replace(QLatin1Char(' '), QStringLiteral("&nbsp;"))
                                                        .replace(QLatin1Char('\n'), QStringLiteral("<br>")));
        } else {
            result += prose(part);
        }
        isCode = !isCode;
    }
    return result;
}

} // namespace

Hover::Hover(CodeEditor& editor, model::LanguageModel& model) : QObject(&editor), editor_(editor), model_(model) {
    editor_.installEventFilter(this);
}

bool Hover::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::ToolTip) {
        return QObject::eventFilter(watched, event);
    }
    ask(*static_cast<QHelpEvent*>(event));
    return true;
}

/// The compiler's words, and clangd's ways to mend them.
QString Hover::wrongAt(long position) const {
    QString text = editor_.diagnosticAt(static_cast<int>(position)).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>"));
    const unsigned line = placeOf(editor_, position).line;
    for (const language::Finding& finding : model_.findings(editor_.path()).value_or(std::vector<language::Finding>())) {
        for (const language::Fix& fix : finding.fixes) {
            if (finding.range.line == line && !text.isEmpty()) {
                text += tr("<br>Alt+Return: %1").arg(QString::fromStdString(fix.title).toHtmlEscaped());
            }
        }
    }
    return text;
}

void Hover::ask(const QHelpEvent& event) {
    const long position = editor_.SendScintilla(Base::SCI_POSITIONFROMPOINTCLOSE, static_cast<unsigned long>(event.pos().x()),
                                                static_cast<long>(event.pos().y()));
    if (position < 0) {
        QToolTip::hideText();
        return;
    }
    const QString wrong = wrongAt(position);
    const QPoint at = event.globalPos();
    if (!wrong.isEmpty()) {
        QToolTip::showText(at, wrong, &editor_);
    }
    model_.setText(editor_.path(), bytesOf(editor_));
    model_.hover(placeOf(editor_, position), [self = QPointer(this), wrong, at](const support::Result<language::Hover>& answer) {
        // The mouse may have gone on.
        if (!self || !answer || answer->markdown.empty() || (QCursor::pos() - at).manhattanLength() > 8) {
            if (self && wrong.isEmpty()) {
                QToolTip::hideText();
            }
            return;
        }
        QToolTip::showText(at, (wrong.isEmpty() ? QString() : wrong + QStringLiteral("<hr>")) + html(answer->markdown),
                           &self->editor_);
    });
}

} // namespace rbpf::views
