// SPDX-License-Identifier: GPL-3.0-or-later
// The window: puts models and views together. No logic of its own: what a command does is in ide/model, how it looks in
// ide/views.
#pragma once

#include <QMainWindow>
#include <memory>

#include "ide/model/boards_model.hpp"
#include "ide/model/build_model.hpp"
#include "ide/model/debug_model.hpp"
#include "ide/model/deploy_model.hpp"

class QLabel;
class QProgressBar;
class QStackedWidget;

namespace rbpf::views {
class BytecodeView;
class CodeEditor;
class ConsoleView;
class EditorTabs;
class ProblemsView;
class SizeView;
class WelcomeView;
} // namespace rbpf::views

namespace rbpf::app {

class DebugActions;
class Docks;
class ProjectMaker;
struct Workbench;

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    MainWindow();
    ~MainWindow() override;

    /// A project's folder or a file in one.
    void openPath(const QString& path);
    /// A sample project on a virtual board, stopped at its first line.
    void tryIt();

    [[nodiscard]] model::BuildModel& builds() { return build_; }
    [[nodiscard]] model::DebugModel& debug() { return debug_; }
    [[nodiscard]] model::BoardsModel& boards() { return boards_; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void makeViews();
    void makeActions();
    void connectModels();

    void openProject(const QString& folder, const QString& file = {});
    void showProject(const QString& folder);
    void closeProject();
    void showWelcome();
    void newProject(const QString& templateName);
    void chooseProject();
    void rememberRecent(const QString& folder);
    void showBuild();
    void showCosts();
    void showLineCosts();
    void deploy();
    void startDebugging(bool invoke, bool take = false);
    void debugSaved(bool invoke, bool take);
    void jump(const QString& file, unsigned line, unsigned column = 1);
    views::CodeEditor* bring(const QString& file, unsigned line, unsigned column = 1);
    void tell(const QString& message, const QString& hint, bool isError);
    void showBoard();
    void palette();
    void restore();
    [[nodiscard]] QString absolute(const QString& file) const;

    model::BuildModel build_;
    model::BoardsModel boards_;
    model::DeployModel deploy_;
    model::DebugModel debug_;

    QStackedWidget* pages_;
    views::WelcomeView* welcome_;
    views::EditorTabs* editors_;
    views::BytecodeView* bytecode_;
    views::ProblemsView* problems_;
    views::SizeView* size_;
    views::ConsoleView* console_;
    QLabel* boardLabel_;
    QLabel* sizeLabel_;
    QProgressBar* progress_;
    std::unique_ptr<Docks> docks_;
    std::unique_ptr<Workbench> bench_;
    std::unique_ptr<ProjectMaker> maker_;
    std::unique_ptr<DebugActions> debugActions_;
    QAction* undoDeploy_ = nullptr;
    bool deployAfterBuild_ = false;
    bool debugAfterOpen_ = false;
};

} // namespace rbpf::app
