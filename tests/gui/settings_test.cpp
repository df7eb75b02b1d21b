// SPDX-License-Identifier: GPL-3.0-or-later
// What a user sets applies at once and stays; what was open is there again at the next start.
#include <QCheckBox>
#include <QComboBox>
#include <QSpinBox>

#include "ide/app/session_feature.hpp"
#include "ide/views/settings_dialog.hpp"
#include "ide/views/theme.hpp"
#include "tests/gui/studio_test.hpp"

using namespace rbpf;

class Settings : public gui::StudioTest {
    Q_OBJECT

private:
    [[nodiscard]] bool isLoaded() { return editors().current() != nullptr && !editors().current()->isLoading(); }
    [[nodiscard]] views::SettingsDialog* dialog() { return window().findChild<views::SettingsDialog*>(); }

private Q_SLOTS:
    void initTestCase() {
        openWindow();
        folder_ = openTemplate(QStringLiteral("thermostat"));
        QVERIFY(!folder_.isEmpty());
        QVERIFY(gui::comesTrue([this] { return isLoaded(); }));
    }

    void keysZoom() {
        const int before = views::codeFont().pointSize();
        hands().press(QStringLiteral("Ctrl+="));
        hands().press(QStringLiteral("Ctrl+="));
        QCOMPARE(views::codeFont().pointSize(), before + 2);
        hands().press(QStringLiteral("Ctrl+-"));
        QCOMPARE(views::codeFont().pointSize(), before + 1);
        hands().press(QStringLiteral("Ctrl+0"));
        QCOMPARE(views::codeFont().pointSize(), before);
    }

    void settingsApplyAtOnceAndStay() {
        hands().press(QStringLiteral("Ctrl+,"));
        QVERIFY(gui::comesTrue([this] { return dialog() != nullptr && dialog()->isVisible(); }));
        hands().photograph(QStringLiteral("settings"));
        const QList<QSpinBox*> numbers = dialog()->findChildren<QSpinBox*>();
        QCOMPARE(numbers.size(), 3); // font, indentation, pause
        hands().click(numbers[0], QPoint(20, numbers[0]->height() / 2));
        hands().press(QStringLiteral("Up"));
        QCOMPARE(views::codeFont().pointSize(), numbers[0]->value());
        hands().click(numbers[1], QPoint(20, numbers[1]->height() / 2));
        hands().press(QStringLiteral("Up"));
        QCOMPARE(editors().current()->tabWidth(), 5);
        hands().press(QStringLiteral("Escape"));
        QVERIFY(gui::comesTrue([this] { return dialog() == nullptr; }));
        const views::Preferences kept = views::Preferences::load();
        QCOMPARE(kept.tabWidth, 5);
        QCOMPARE(kept.fontSize, views::codeFont().pointSize());
        views::Preferences().store();
    }

    void theNextStartGoesOn() {
        const QString source = editors().current()->path();
        editors().current()->goTo(7, 3);
        hands().press(QStringLiteral("F9"));
        QCOMPARE(debug().breakpoints().size(), std::size_t{1});
        hands().press(QStringLiteral("Ctrl+\\"));
        editors().open(folder_ + QStringLiteral("/README.md"));
        QVERIFY(gui::comesTrue([this] { return isLoaded(); }));
        QCOMPARE(editors().editors().size(), std::size_t{3});
        QVERIFY(window().close());
        {
            const gui::StallWatch::NotNow starting;
            closeWindow();
            openWindow();
        }
        QCOMPARE(app::SessionFeature::lastProject(), folder_);
        window().openPath(folder_);
        QCOMPARE(editors().editors().size(), std::size_t{3});
        QVERIFY(gui::comesTrue([this] { return isLoaded() && !editors().editors().front()->isLoading(); }));
        QVERIFY(editors().current()->path().endsWith(QStringLiteral("README.md")));
        QCOMPARE(editors().editors()[0]->path(), source);
        QCOMPARE(editors().editors()[0]->currentLine(), 7U);
        QVERIFY(editors().editors()[1]->text() == editors().editors()[0]->text());
        QCOMPARE(debug().breakpoints().size(), std::size_t{1});
        QCOMPARE(debug().breakpoints()[0].spec.line, 7U);
        hands().photograph(QStringLiteral("restored"));
    }

    void theWindowNeverBlocked() {
        QVERIFY2(longestStallMs() <= 100,
                 qPrintable(QStringLiteral("the event loop stood still for %1 ms").arg(longestStallMs())));
    }

    void cleanupTestCase() { closeWindow(); }

private:
    QString folder_;
};

QTEST_MAIN(Settings)
#include "settings_test.moc"
