-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a user of Neovim does in a script, through the built-in client: each step's outcome goes as JSON into $OUTCOME.
local DEADLINE = 30000
local outcome = {}

local function wait(what, condition)
  if not vim.wait(DEADLINE, condition, 20) then
    error("waited for " .. what .. ": " .. vim.inspect(outcome))
  end
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
end

--- The cursor on the first letter of a piece of text.
local function put_cursor(piece)
  local before = text():sub(1, text():find(piece, 1, true) - 1)
  local _, lines = before:gsub("\n", "")
  vim.api.nvim_win_set_cursor(0, { lines + 1, #before:match("[^\n]*$") })
end

local function replace(old, new)
  vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(text():gsub(vim.pesc(old), new), "\n"))
end

local steps = {
  function()
    wait("the client", function()
      local client = vim.lsp.buf_get_clients(0)[1]
      return client ~= nil and client.initialized
    end)
  end,

  function()
    replace("reading.val[0]", "reading.val[0] * 1.5")
    wait("a diagnostic", function()
      return #vim.diagnostic.get(0) > 0
    end)
    local first = vim.diagnostic.get(0)[1]
    outcome.diagnostic = { line = first.lnum + 1, source = first.source, message = first.message }
    replace("reading.val[0] * 1.5", "reading.val[0]")
    wait("no diagnostics", function()
      return #vim.diagnostic.get(0) == 0
    end)
  end,

  function()
    replace("    return twice", "    bpf_\n    return twice")
    put_cursor("\n    return twice") -- behind bpf_
    local parameters = vim.lsp.util.make_position_params()
    wait("completion of bpf_", function()
      local answers = vim.lsp.buf_request_sync(0, "textDocument/completion", parameters, DEADLINE)
      outcome.completion = {}
      for _, answer in pairs(answers or {}) do
        for _, item in ipairs(vim.lsp.util.extract_completion_items(answer.result)) do
          outcome.completion[vim.trim(item.label)] = item.detail
        end
      end
      return outcome.completion.bpf_saul_reg_read ~= nil
    end)
    replace("    bpf_\n", "")
  end,

  function()
    put_cursor("bpf_saul_reg_read")
    vim.lsp.buf.hover()
    wait("a hover", function()
      for _, window in ipairs(vim.api.nvim_list_wins()) do
        if vim.api.nvim_win_get_config(window).relative ~= "" then
          local buffer = vim.api.nvim_win_get_buf(window)
          outcome.hover = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n")
          vim.api.nvim_win_close(window, true)
          return true
        end
      end
    end)
  end,

  function()
    vim.lsp.codelens.refresh()
    wait("lenses", function()
      return #vim.lsp.codelens.get(0) > 0
    end)
    outcome.lenses = vim.tbl_map(function(lens)
      return { line = lens.range.start.line + 1, title = lens.command.title }
    end, vim.lsp.codelens.get(0))
  end,

  function()
    put_cursor("twice")
    vim.lsp.buf.rename("twofold")
    wait("the new name", function()
      return not text():find("twice", 1, true)
    end)
    outcome.renamed = text()
  end,

  function()
    replace("return number", "return   number")
    vim.lsp.buf.formatting_sync({}, DEADLINE)
    outcome.formatted = text()
  end,
}

local done, problem = pcall(function()
  for _, step in ipairs(steps) do
    step()
  end
end)
if not done then
  outcome.problem = tostring(problem)
end
local file = io.open(vim.env.OUTCOME, "w")
file:write(vim.json.encode(outcome))
file:close()
vim.cmd("qa!")
