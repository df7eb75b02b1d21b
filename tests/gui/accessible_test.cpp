// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that can be clicked or typed into has a name that a screen reader can say, in every panel.
#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QDockWidget>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTabBar>

#include "ide/views/scintilla.hpp"
#include "tests/gui/studio_test.hpp"

using namespace rbpf;

class Accessible : public gui::StudioTest {
    Q_OBJECT

private:
    static bool isControl(const QWidget* widget) {
        const QByteArray name = widget->objectName().toLatin1();
        if (name.startsWith("qt_") || qobject_cast<const QScrollBar*>(widget) != nullptr) {
            return false; // parts of other controls, which speak for them
        }
        return qobject_cast<const QAbstractButton*>(widget) != nullptr || qobject_cast<const QLineEdit*>(widget) != nullptr ||
               qobject_cast<const QComboBox*>(widget) != nullptr || qobject_cast<const QAbstractSpinBox*>(widget) != nullptr ||
               qobject_cast<const QAbstractSlider*>(widget) != nullptr ||
               qobject_cast<const QAbstractItemView*>(widget) != nullptr ||
               qobject_cast<const QPlainTextEdit*>(widget) != nullptr ||
               qobject_cast<const QsciScintilla*>(widget) != nullptr;
    }
    QStringList nameless() {
        QStringList found;
        for (QWidget* widget : window().findChildren<QWidget*>()) {
            if (!isControl(widget) || qobject_cast<QTabBar*>(widget->parentWidget()) != nullptr ||
                (widget->parentWidget() != nullptr && isControl(widget->parentWidget()))) {
                continue;
            }
            QAccessibleInterface* access = QAccessible::queryAccessibleInterface(widget);
            if (access == nullptr || access->text(QAccessible::Name).trimmed().isEmpty()) {
                QString where = QString::fromLatin1(widget->metaObject()->className());
                for (QWidget* up = widget->parentWidget(); up != nullptr; up = up->parentWidget()) {
                    if (const auto* panel = qobject_cast<QDockWidget*>(up)) {
                        where += QStringLiteral(" in ") + panel->windowTitle();
                        break;
                    }
                }
                found << where;
            }
        }
        return found;
    }

private Q_SLOTS:
    void initTestCase() { openWindow(); }

    void everyControlHasAName() {
        QVERIFY(!openTemplate(QStringLiteral("thermostat")).isEmpty());
        for (QDockWidget* panel : window().findChildren<QDockWidget*>()) {
            panel->show();
        }
        const QStringList found = nameless();
        QVERIFY2(found.isEmpty(), qPrintable(found.join(QStringLiteral(", "))));
    }

    void cleanupTestCase() { closeWindow(); }
};

QTEST_MAIN(Accessible)
#include "accessible_test.moc"
