// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/main_window.hpp"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFileSystemModel>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QProgressBar>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QStatusBar>
#include <QToolBar>
#include <QTreeView>

#include "ide/app/debug_actions.hpp"
#include "ide/app/docks.hpp"
#include "ide/app/new_project.hpp"
#include "ide/model/background.hpp"
#include "ide/views/boards_view.hpp"
#include "ide/views/bytecode_view.hpp"
#include "ide/views/command_palette.hpp"
#include "ide/views/console_view.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/frames_view.hpp"
#include "ide/views/problems_view.hpp"
#include "ide/views/registers_view.hpp"
#include "ide/views/size_view.hpp"
#include "ide/views/stack_map.hpp"
#include "ide/views/timeline_view.hpp"
#include "ide/views/values_view.hpp"
#include "ide/views/welcome_view.hpp"
#include "sdk/project/project.hpp"
#include "sdk/project/templates.hpp"

namespace rbpf::app {

namespace {

constexpr int kMostRecent = 10;
constexpr int kStatusMs = 10000;
const auto kTryTemplate = QStringLiteral("coap-sensor");

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

/// The folder at or above `path` that holds a rbpf.json; "" = none.
QString projectOf(const QString& path) {
    QDir folder(QFileInfo(path).isDir() ? path : QFileInfo(path).absolutePath());
    do {
        if (folder.exists(QString::fromLatin1(project::kConfigName))) {
            return folder.absolutePath();
        }
    } while (folder.cdUp());
    return {};
}

} // namespace

MainWindow::MainWindow()
    : pages_(new QStackedWidget), welcome_(new views::WelcomeView), editors_(new views::EditorTabs),
      bytecode_(new views::BytecodeView), problems_(new views::ProblemsView), size_(new views::SizeView),
      console_(new views::ConsoleView), files_(new QTreeView), boardLabel_(new QLabel), sizeLabel_(new QLabel),
      progress_(new QProgressBar), docks_(std::make_unique<Docks>(*this)) {
    resize(QGuiApplication::primaryScreen()->availableSize().boundedTo({1280, 800}));
    setDockNestingEnabled(true);
    // The sides reach down to the status bar: what is below the text is as wide as the text.
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    makeViews();
    makeActions();
    connectModels();
    restore();
    boards_.refresh();
    model::inBackground(this, [] { return project::templates(); },
                        [this](const support::Result<std::vector<project::Template>>& templates) {
                            if (templates) {
                                welcome_->showTemplates(*templates);
                            } else {
                                tell(words(templates.error().message), words(templates.error().hint), true);
                            }
                        });
}

MainWindow::~MainWindow() = default;

void MainWindow::makeViews() {
    pages_->addWidget(welcome_);
    pages_->addWidget(editors_);
    setCentralWidget(pages_);
    files_->setAccessibleName(tr("Project files"));
    files_->setHeaderHidden(true);

    docks_->add(tr("Project"), files_, Qt::LeftDockWidgetArea, Arrangement::Writing);
    docks_->add(tr("Boards"), new views::BoardsView(boards_), Qt::LeftDockWidgetArea, Arrangement::Welcome);
    auto* sizePanel = docks_->add(tr("Size and cost"), size_, Qt::RightDockWidgetArea, Arrangement::Writing);
    auto* bytecodePanel = docks_->add(tr("Bytecode"), bytecode_, Qt::RightDockWidgetArea, Arrangement::Writing);
    docks_->stack({sizePanel, bytecodePanel}, bytecodePanel);
    auto* variables = docks_->add(tr("Variables"), new views::ValuesView(debug_, views::ValuesView::What::Variables),
                                  Qt::RightDockWidgetArea, Arrangement::Debugging);
    auto* watches = docks_->add(tr("Watches"), new views::ValuesView(debug_, views::ValuesView::What::Watches),
                                Qt::RightDockWidgetArea, Arrangement::Debugging);
    docks_->stack({variables, watches}, variables);
    auto* registers = docks_->add(tr("Registers"), new views::RegistersView(debug_), Qt::RightDockWidgetArea, Arrangement::Debugging);
    auto* stackMap = docks_->add(tr("Stack map"), new views::StackMap(debug_), Qt::RightDockWidgetArea, Arrangement::Debugging);
    docks_->stack({registers, stackMap}, registers);
    auto* problemsPanel = docks_->add(tr("Problems"), problems_, Qt::BottomDockWidgetArea, Arrangement::Writing);
    auto* consolePanel = docks_->add(tr("Console"), console_, Qt::BottomDockWidgetArea, Arrangement::Writing);
    auto* frames = new views::FramesView(debug_);
    auto* callStack = docks_->add(tr("Call stack"), frames, Qt::BottomDockWidgetArea, Arrangement::Debugging);
    auto* timeline = docks_->add(tr("Timeline"), new views::TimelineView(debug_), Qt::BottomDockWidgetArea, Arrangement::Debugging);
    docks_->stack({problemsPanel, consolePanel, timeline, callStack}, timeline);

    boardLabel_->setAccessibleName(tr("Selected board"));
    progress_->setMaximumWidth(160);
    progress_->hide();
    statusBar()->addPermanentWidget(progress_);
    statusBar()->addPermanentWidget(sizeLabel_);
    statusBar()->addPermanentWidget(boardLabel_);

    const auto jumpTo = [this](const QString& file, unsigned line) { jump(file, line); };
    connect(frames, &views::FramesView::activated, this, jumpTo);
    connect(size_, &views::SizeView::activated, this, jumpTo);
    connect(bytecode_, &views::BytecodeView::lineActivated, this, jumpTo);
    connect(problems_, &views::ProblemsView::activated, this, &MainWindow::jump);
    connect(files_, &QTreeView::activated, this, [this](const QModelIndex& index) {
        const auto* model = qobject_cast<const QFileSystemModel*>(files_->model());
        if (model != nullptr && !model->isDir(index)) {
            editors_->open(model->filePath(index));
        }
    });
    connect(files_, &QTreeView::clicked, files_, &QTreeView::activated);
    connect(editors_, &views::EditorTabs::edited, this, [this] { build_.setUnsaved(editors_->unsaved()); });
    connect(editors_, &views::EditorTabs::saved, &build_, &model::BuildModel::check);
    connect(editors_, &views::EditorTabs::failed, this,
            [this](const QString& message, const QString& hint) { tell(message, hint, true); });
    connect(editors_, &views::EditorTabs::breakpointClicked, &debug_, &model::DebugModel::toggleLine);
    connect(editors_, &views::EditorTabs::currentChanged, this, [this] {
        showBuild();
        showBreakpoints();
    });
    connect(bytecode_, &views::BytecodeView::breakpointClicked, this, [this](std::uint32_t address) {
        auto points = debug_.breakpoints();
        const auto isHere = [address](const session::BreakpointSpec& spec) {
            return spec.kind == session::BreakpointSpec::Kind::Instruction && spec.address == address;
        };
        if (std::erase_if(points, isHere) == 0) {
            session::BreakpointSpec spec;
            spec.kind = session::BreakpointSpec::Kind::Instruction;
            spec.address = address;
            points.push_back(std::move(spec));
        }
        debug_.setBreakpoints(std::move(points));
    });
    connect(welcome_, &views::WelcomeView::templateChosen, this, &MainWindow::newProject);
    connect(welcome_, &views::WelcomeView::openChosen, this, &MainWindow::chooseProject);
    connect(welcome_, &views::WelcomeView::recentChosen, this, &MainWindow::openPath);
    connect(welcome_, &views::WelcomeView::tryChosen, this, &MainWindow::tryIt);
}

QAction* MainWindow::addCommand(QMenu* menu, const QString& text, const QKeySequence& keys, std::function<void()> run,
                                const QString& tip) {
    QAction* action = menu->addAction(text);
    action->setShortcut(keys);
    QString name = text;
    name.remove(QLatin1Char('&'));
    action->setToolTip((tip.isEmpty() ? name : tip) +
                       (keys.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(keys.toString(QKeySequence::NativeText))));
    connect(action, &QAction::triggered, this, std::move(run));
    return action;
}

void MainWindow::makeActions() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    addCommand(file, tr("&New project…"), QKeySequence::New, [this] { newProject(kTryTemplate); });
    addCommand(file, tr("&Open project…"), QKeySequence::Open, [this] { chooseProject(); });
    file->addSeparator();
    addCommand(file, tr("&Save"), QKeySequence::Save, [this] { editors_->save(editors_->current()); });
    addCommand(file, tr("Save &all"), Qt::CTRL | Qt::SHIFT | Qt::Key_S, [this] { editors_->saveAll(); });
    file->addSeparator();
    addCommand(file, tr("&Close project"), Qt::CTRL | Qt::SHIFT | Qt::Key_W, [this] { closeProject(); });
    addCommand(file, tr("&Quit"), QKeySequence::Quit, [this] { close(); });

    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    const auto onEditor = [this](void (views::CodeEditor::*act)()) {
        return [this, act] {
            if (views::CodeEditor* editor = editors_->current()) {
                (editor->*act)();
            }
        };
    };
    addCommand(edit, tr("&Undo"), QKeySequence::Undo, onEditor(&views::CodeEditor::undo));
    addCommand(edit, tr("&Redo"), QKeySequence::Redo, onEditor(&views::CodeEditor::redo));
    edit->addSeparator();
    addCommand(edit, tr("&Find and replace"), QKeySequence::Find, [this] { editors_->showFind(); });
    addCommand(edit, tr("Find &next"), Qt::Key_F3, [this] { editors_->findNext(true); });
    addCommand(edit, tr("Find &previous"), Qt::SHIFT | Qt::Key_F3, [this] { editors_->findNext(false); });
    addCommand(edit, tr("&Comment or uncomment"), Qt::CTRL | Qt::Key_Slash,
               onEditor(&views::CodeEditor::toggleComment));

    QMenu* buildMenu = menuBar()->addMenu(tr("&Build"));
    QToolBar* bar = addToolBar(tr("Commands"));
    bar->setObjectName(QStringLiteral("commands"));
    bar->setToolButtonStyle(Qt::ToolButtonTextOnly);
    bar->addAction(addCommand(buildMenu, tr("&Build"), Qt::CTRL | Qt::Key_B,
                              [this] {
                                  if (editors_->saveAll()) {
                                      build_.build();
                                  }
                              },
                              tr("Compile, link and verify the script")));
    bar->addAction(addCommand(buildMenu, tr("&Deploy"), Qt::CTRL | Qt::Key_U, [this] { deploy(); },
                              tr("Build, send to the board, verify and run")));
    undoDeploy_ = addCommand(buildMenu, tr("&Undo deploy"), Qt::CTRL | Qt::SHIFT | Qt::Key_U, [this] { deploy_.undo(); },
                             tr("Put back the script that was there before"));
    undoDeploy_->setEnabled(false);
    bar->addSeparator();

    QMenu* debugMenu = menuBar()->addMenu(tr("&Debug"));
    DebugActions::Hooks hooks;
    hooks.start = [this](bool invoke) { startDebugging(invoke); };
    hooks.toggleBreakpoint = [this] {
        if (const views::CodeEditor* editor = editors_->current()) {
            debug_.toggleLine(editor->path(), editor->currentLine());
        }
    };
    hooks.runToCursor = [this] {
        if (const views::CodeEditor* editor = editors_->current()) {
            debug_.runToLine(editor->path(), editor->currentLine());
        }
    };
    hooks.byInstruction = [this] { return bytecode_->hasFocus(); };
    debugActions_ = std::make_unique<DebugActions>(debug_, std::move(hooks), debugMenu, bar);

    QMenu* view = menuBar()->addMenu(tr("&View"));
    addCommand(view, tr("&Command palette"), Qt::CTRL | Qt::SHIFT | Qt::Key_P, [this] { palette(); });
    addCommand(view, tr("C&onsole"), Qt::CTRL | Qt::SHIFT | Qt::Key_M, [this] {
        auto* panel = findChild<QDockWidget*>(tr("Console"));
        panel->show();
        panel->raise();
    });
    addCommand(view, tr("&Reset the panels"), {}, [this] { docks_->reset(); });
    view->addMenu(createPopupMenu())->setText(tr("&Panels"));
    QMenu* look = view->addMenu(tr("&Appearance"));
    auto* looks = new QActionGroup(this);
    const QString chosen = QSettings().value(QStringLiteral("appearance")).toString();
    const auto addLook = [&](const QString& text, const QString& key, views::Appearance appearance) {
        QAction* action = look->addAction(text, this, [key, appearance] {
            QSettings().setValue(QStringLiteral("appearance"), key);
            views::applyAppearance(appearance);
        });
        action->setCheckable(true);
        action->setChecked(chosen == key);
        looks->addAction(action);
    };
    addLook(tr("As the &desktop"), QString(), views::Appearance::Desktop);
    addLook(tr("&Light"), QStringLiteral("light"), views::Appearance::Light);
    addLook(tr("Da&rk"), QStringLiteral("dark"), views::Appearance::Dark);

    QMenu* help = menuBar()->addMenu(tr("&Help"));
    addCommand(help, tr("&About rBPF Studio"), {}, [this] { about(); });
}

void MainWindow::connectModels() {
    using model::DebugModel;
    connect(&build_, &model::BuildModel::finished, this, [this](bool written) {
        showBuild();
        const auto last = build_.last();
        if (written) {
            const bool ok = last->result.ok;
            tell(ok ? sizeLabel_->text() : tr("The build failed: %n error(s)", nullptr, problems_->errors()), {}, !ok);
            if (ok && deployAfterBuild_) {
                deploy_.deploy(boards_.selected(), last->result.image);
            } else if (!ok) {
                findChild<QDockWidget*>(tr("Problems"))->raise();
            }
            deployAfterBuild_ = false;
        }
        if (debugAfterOpen_ && last->result.ok) {
            debugAfterOpen_ = false;
            startDebugging(true);
        }
    });
    const auto failed = [this](const QString& message, const QString& hint) {
        progress_->hide();
        deployAfterBuild_ = false;
        tell(message, hint, true);
    };
    connect(&build_, &model::BuildModel::failed, this, failed);
    connect(&boards_, &model::BoardsModel::failed, this, failed);
    connect(&boards_, &model::BoardsModel::busy, this, [this](const QString& what) { tell(what, {}, false); });
    connect(&boards_, &model::BoardsModel::changed, this, &MainWindow::showBoard);
    connect(&deploy_, &model::DeployModel::started, this, [this](const QString& what) {
        progress_->setRange(0, 0);
        progress_->show();
        statusBar()->showMessage(what);
    });
    const auto showProgress = [this](qulonglong done, qulonglong total) {
        progress_->setRange(0, static_cast<int>(total));
        progress_->setValue(static_cast<int>(done));
        progress_->setVisible(done < total);
    };
    connect(&deploy_, &model::DeployModel::progress, this, showProgress);
    connect(&deploy_, &model::DeployModel::failed, this, failed);
    connect(&deploy_, &model::DeployModel::finished, this, [this](const QString& sentence) {
        progress_->hide();
        undoDeploy_->setEnabled(deploy_.canUndo());
        tell(sentence, {}, false);
        boards_.refresh();
    });
    connect(&debug_, &DebugModel::progress, this,
            [showProgress](const QString&, qulonglong done, qulonglong total) { showProgress(done, total); });
    connect(&debug_, &DebugModel::stateChanged, this, &MainWindow::showStop);
    connect(&debug_, &DebugModel::codeChanged, this, [this] {
        if (debug_.code()) {
            bytecode_->show(*debug_.code());
        }
    });
    connect(&debug_, &DebugModel::breakpointsChanged, this, &MainWindow::showBreakpoints);
    connect(&debug_, &DebugModel::attached, this, [this](const QString& what) {
        tell(what, {}, false);
        boards_.refresh(); // it may have been started for this
    });
    connect(&debug_, &DebugModel::notice, this, [this](const QString& what) { tell(what, {}, false); });
    connect(&debug_, &DebugModel::output, this,
            [this](const QString& text) { console_->add(views::ConsoleView::Kind::Board, text); });
    connect(&debug_, &DebugModel::refused, this, failed);
    connect(&debug_, &DebugModel::over, this, [this](const QString& message, const QString& hint) {
        progress_->hide();
        tell(message.isEmpty() ? tr("The debugging session has ended; the script goes on.") : message, hint,
             !message.isEmpty());
        boards_.refresh();
    });
    connect(&debug_, &DebugModel::writer, this, [this](const QString& sentence, const session::Position& position) {
        QMessageBox box(QMessageBox::Information, tr("Who wrote this?"), sentence, QMessageBox::Close, this);
        QAbstractButton* go = box.addButton(tr("&Go there"), QMessageBox::AcceptRole);
        box.exec();
        if (box.clickedButton() == go) {
            debug_.travel(position);
        }
    });
}

void MainWindow::openPath(const QString& path) {
    const QString folder = projectOf(path);
    if (folder.isEmpty()) {
        tell(tr("%1 is not a project: there is no rbpf.json").arg(path), tr("File › New project makes one"), true);
        return;
    }
    openProject(folder);
    if (!QFileInfo(path).isDir()) {
        editors_->open(path);
    }
}

void MainWindow::openProject(const QString& folder) {
    if (!editors_->mayClose()) {
        return;
    }
    debug_.stop();
    editors_->closeAll();
    pages_->setCurrentWidget(editors_);
    docks_->arrange(Arrangement::Writing);
    setWindowTitle(QFileInfo(folder).fileName());
    auto* model = new QFileSystemModel(this);
    model->setNameFilters({QStringLiteral("*.c"), QStringLiteral("*.h"), QStringLiteral("*.json"), QStringLiteral("*.md")});
    model->setNameFilterDisables(false);
    QAbstractItemModel* old = files_->model();
    files_->setModel(model);
    delete old;
    files_->setRootIndex(model->setRootPath(folder));
    for (int column = 1; column < model->columnCount(); ++column) {
        files_->hideColumn(column);
    }
    rememberRecent(folder);
    build_.setFolder(folder.toStdString());
    model::inBackground(this, [path = folder.toStdString()] { return project::load(path); },
                        [this, folder](const support::Result<project::LoadedProject>& loaded) {
                            if (words(build_.folder().string()) != folder) {
                                return;
                            }
                            if (!loaded) {
                                tell(words(loaded.error().message), words(loaded.error().hint), true);
                            } else if (loaded->project && !loaded->project->sources.empty()) {
                                editors_->open(words(loaded->project->sources.front().string()));
                            } else {
                                editors_->open(QDir(folder).filePath(QString::fromLatin1(project::kConfigName)));
                            }
                            build_.build();
                        });
}

void MainWindow::closeProject() {
    if (!editors_->mayClose()) {
        return;
    }
    debug_.stop();
    editors_->closeAll();
    build_.setFolder({});
    problems_->show({});
    size_->clear();
    bytecode_->show({});
    sizeLabel_->clear();
    setWindowTitle({});
    pages_->setCurrentWidget(welcome_);
    docks_->arrange(Arrangement::Welcome);
}

void MainWindow::newProject(const QString& chosen) {
    const auto templates = project::templates();
    if (!templates) {
        tell(words(templates.error().message), words(templates.error().hint), true);
        return;
    }
    QStringList names;
    for (const project::Template& one : *templates) {
        names << words(one.name);
    }
    NewProject dialog(names, chosen, this);
    if (dialog.exec() != QDialog::Accepted) {
        return;
    }
    const QString folder = dialog.folder();
    const auto created = project::create(dialog.templateName().toStdString(), folder.toStdString());
    if (!created) {
        tell(words(created.error().message), words(created.error().hint), true);
        return;
    }
    openProject(folder);
}

void MainWindow::tryIt() {
    const QDir data(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation));
    const QString folder = data.filePath(QStringLiteral("first-script"));
    model::inBackground(
        this,
        [folder = folder.toStdString()]() -> support::Result<void> {
            if (std::filesystem::exists(folder + "/" + project::kConfigName)) {
                return {};
            }
            const auto created = project::create(kTryTemplate.toStdString(), folder);
            return created ? support::Result<void>() : tl::unexpected(created.error());
        },
        [this, folder](const support::Result<void>& created) {
            if (!created) {
                tell(words(created.error().message), words(created.error().hint), true);
                return;
            }
            debugAfterOpen_ = true;
            openProject(folder);
        });
}

void MainWindow::chooseProject() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a project's folder"));
    if (!folder.isEmpty()) {
        openPath(folder);
    }
}

void MainWindow::rememberRecent(const QString& folder) {
    QSettings settings;
    QStringList recent = settings.value(QStringLiteral("recent")).toStringList();
    recent.removeAll(folder);
    recent.prepend(folder);
    while (recent.size() > kMostRecent) {
        recent.removeLast();
    }
    settings.setValue(QStringLiteral("recent"), recent);
    welcome_->showRecent(recent);
}

QString MainWindow::absolute(const QString& file) const {
    return QDir::cleanPath(QDir(words(build_.folder().string())).absoluteFilePath(file));
}

/// Problems, costs and bytecode of the last build.
void MainWindow::showBuild() {
    const auto last = build_.last();
    if (!last) {
        return;
    }
    problems_->show(last->result.diagnostics);
    findChild<QDockWidget*>(tr("Problems"))
        ->setWindowTitle(problems_->errors() + problems_->warnings() > 0
                             ? tr("Problems (%1)").arg(problems_->errors() + problems_->warnings())
                             : tr("Problems"));
    if (views::CodeEditor* editor = editors_->current()) {
        std::vector<support::Diagnostic> here;
        for (const support::Diagnostic& one : last->result.diagnostics) {
            if (absolute(words(one.range.file)) == editor->path()) {
                here.push_back(one);
            }
        }
        editor->showDiagnostics(here);
    }
    showCosts();
}

void MainWindow::showCosts() {
    const auto good = build_.lastGood();
    if (!good) {
        return;
    }
    const auto before = build_.before();
    const model::BoardState* board = boards_.selectedBoard();
    size_->show(good->result.size, before ? &before->result.size : nullptr,
                board != nullptr && board->info ? &*board->info : nullptr);
    sizeLabel_->setText(tr("%1 instructions, %2 B image, stack %3/%4 B")
                            .arg(good->result.size.instructions)
                            .arg(good->result.size.image)
                            .arg(good->result.size.stack)
                            .arg(good->result.size.stackLimit));
    if (debug_.state() == model::DebugModel::State::Off) {
        bytecode_->show(good->code);
    }
    if (views::CodeEditor* editor = editors_->current()) {
        std::map<unsigned, model::LineCost> costs;
        for (const auto& [file, lines] : good->costs) {
            if (absolute(words(file)) == editor->path()) {
                costs = lines;
            }
        }
        editor->showCosts(costs);
    }
}

void MainWindow::deploy() {
    if (!build_.isOpen()) {
        tell(tr("There is no project to deploy"), tr("File › Open project, or File › New project"), true);
        return;
    }
    if (editors_->saveAll()) {
        deployAfterBuild_ = true;
        build_.build();
    }
}

void MainWindow::startDebugging(bool invoke) {
    if (!build_.isOpen() || !editors_->saveAll()) {
        tell(tr("There is no project to debug"), tr("File › Open project, or File › New project"), true);
        return;
    }
    dap::Settings settings;
    settings.program = build_.folder();
    settings.board = boards_.selected().toStdString();
    settings.stopOnEntry = debug_.breakpoints().empty();
    settings.invoke = invoke;
    tell(tr("Building, deploying and attaching"), {}, false);
    debug_.start(std::move(settings));
}

/// The debugger has gone from one state to another.
void MainWindow::showStop() {
    using State = model::DebugModel::State;
    docks_->arrange(debug_.state() != State::Off ? Arrangement::Debugging
                    : build_.isOpen()            ? Arrangement::Writing
                                                 : Arrangement::Welcome);
    for (views::CodeEditor* editor : editors_->editors()) {
        editor->showPosition(0, false);
    }
    const auto shot = debug_.snapshot();
    if (debug_.state() != State::Stopped || !shot) {
        bytecode_->showPosition(-1, false);
        return;
    }
    const session::Location& place = shot->stop.location;
    const bool isPast = !shot->stop.position.live;
    bytecode_->showPosition(place.pc, isPast);
    if (place.line > 0) {
        if (views::CodeEditor* editor = editors_->open(absolute(words(place.file)))) {
            editor->showPosition(place.line, isPast);
        }
    }
    statusBar()->showMessage(words(shot->stop.sentence));
    if (!shot->explanation.isEmpty()) {
        console_->add(views::ConsoleView::Kind::Error, shot->explanation);
        auto* panel = findChild<QDockWidget*>(tr("Console"));
        panel->show();
        panel->raise();
    }
    showBreakpoints();
}

void MainWindow::showBreakpoints() {
    const auto shot = debug_.snapshot();
    std::vector<std::uint32_t> addresses;
    for (views::CodeEditor* editor : editors_->editors()) {
        std::vector<unsigned> verified;
        for (const session::BreakpointSpec& spec : debug_.breakpoints()) {
            if (spec.kind == session::BreakpointSpec::Kind::Line && words(spec.file) == editor->path()) {
                verified.push_back(spec.line);
            }
        }
        std::vector<unsigned> unverified;
        if (shot) {
            for (const session::Breakpoint& one : shot->breakpoints) {
                if (one.spec.kind == session::BreakpointSpec::Kind::Line && !one.verified &&
                    words(one.spec.file) == editor->path()) {
                    std::erase(verified, one.spec.line);
                    unverified.push_back(one.spec.line);
                }
            }
        }
        editor->showBreakpoints(verified, unverified);
    }
    for (const session::BreakpointSpec& spec : debug_.breakpoints()) {
        if (spec.kind == session::BreakpointSpec::Kind::Instruction) {
            addresses.push_back(spec.address);
        }
    }
    if (shot) {
        for (const session::Breakpoint& one : shot->breakpoints) {
            for (const session::Location& place : one.places) {
                addresses.push_back(place.pc);
            }
        }
    }
    bytecode_->showBreakpoints(addresses);
}

void MainWindow::jump(const QString& file, unsigned line, unsigned column) {
    if (views::CodeEditor* editor = editors_->open(absolute(file))) {
        editor->goTo(line, column);
        bytecode_->showLine(file, line);
    }
}

void MainWindow::tell(const QString& message, const QString& hint, bool isError) {
    if (message.isEmpty()) {
        return;
    }
    const QString all = hint.isEmpty() ? message : message + tr(" — %1").arg(hint);
    statusBar()->showMessage(all, kStatusMs);
    console_->add(isError ? views::ConsoleView::Kind::Error : views::ConsoleView::Kind::Tool, all);
    if (isError) {
        auto* panel = findChild<QDockWidget*>(tr("Console"));
        panel->show();
        panel->raise();
    }
}

void MainWindow::showBoard() {
    const model::BoardState* board = boards_.selectedBoard();
    boardLabel_->setText(board == nullptr ? tr("no board selected")
                         : board->info    ? tr("%1 (%2)").arg(words(board->record.id), words(board->info->board))
                                          : tr("%1: no answer").arg(words(board->record.id)));
    showCosts();
}

void MainWindow::palette() {
    QList<QAction*> all;
    for (const QAction* menu : menuBar()->actions()) {
        for (QAction* action : menu->menu()->actions()) {
            if (!action->isSeparator() && action->menu() == nullptr) {
                all << action;
            }
        }
    }
    auto* palette = new views::CommandPalette(all, this);
    palette->setAttribute(Qt::WA_DeleteOnClose);
    palette->move(mapToGlobal(QPoint((width() - palette->width()) / 2, 80)));
    palette->show();
}

void MainWindow::about() {
    QMessageBox::about(this, tr("About rBPF Studio"),
                       tr("<h3>rBPF Studio %1</h3><p>An SDK, an editor and an on-device debugger for sandboxed eBPF "
                          "scripts on microcontrollers.</p><p>Qt %2. Licence: GPL-3.0-or-later; headers and firmware "
                          "LGPL-2.1-or-later.</p>")
                           .arg(QStringLiteral(RBPF_VERSION), QString::fromLatin1(qVersion())));
}

void MainWindow::restore() {
    QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
    docks_->restore();
    welcome_->showRecent(settings.value(QStringLiteral("recent")).toStringList());
}

/// Everything takes its colours anew.
void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && debugActions_) {
        Q_EMIT boards_.changed();
        showBuild();
        if (debug_.code()) {
            bytecode_->show(*debug_.code());
        }
        Q_EMIT debug_.stateChanged();
    }
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!editors_->mayClose()) {
        event->ignore();
        return;
    }
    debug_.stop();
    docks_->save();
    QSettings().setValue(QStringLiteral("geometry"), saveGeometry());
    event->accept();
}

} // namespace rbpf::app
