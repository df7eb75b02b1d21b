-- SPDX-License-Identifier: GPL-3.0-or-later
-- rBPF scripts in Neovim (0.7 or newer) with its own language client: put this file into ~/.config/nvim/plugin/, or say
-- dofile("/usr/share/rbpf/neovim/rbpf.lua") in init.lua. Settings, before that: vim.g.rbpf = { cmd = {...}, board = "..." }

local M = { clients = {} }
local settings = vim.g.rbpf or {}

--- The folder of the rbpf.json that a file belongs to, or nil.
function M.root(file)
  local folder = vim.fn.fnamemodify(file, ":p:h")
  while true do
    if vim.fn.filereadable(folder .. "/rbpf.json") == 1 then
      return folder
    end
    local above = vim.fn.fnamemodify(folder, ":h")
    if above == folder then
      return nil
    end
    folder = above
  end
end

M.buffers = {}

--- Costs are shown again when they have changed; a buffer gets its lenses when it is the current one.
local function refresh_lenses()
  local buffer = vim.api.nvim_get_current_buf()
  for _, client in pairs(M.buffers[buffer] and vim.lsp.buf_get_clients(buffer) or {}) do
    if client.name == "rbpf" and client.initialized then
      vim.lsp.codelens.refresh()
      return
    end
  end
end

function M.attach(buffer)
  local root = M.root(vim.api.nvim_buf_get_name(buffer))
  if root == nil then
    return
  end
  if M.clients[root] == nil then
    M.clients[root] = vim.lsp.start_client({
      name = "rbpf",
      cmd = settings.cmd or { "rbpf", "lsp" },
      root_dir = root,
      init_options = { board = settings.board, codeLens = settings.codeLens, inlayCosts = settings.inlayCosts },
      handlers = { ["rbpf/costsChanged"] = refresh_lenses },
      on_exit = function()
        M.clients[root] = nil
      end,
    })
  end
  if M.clients[root] ~= nil then
    vim.lsp.buf_attach_client(buffer, M.clients[root])
    M.buffers[buffer] = true
    vim.api.nvim_buf_set_option(buffer, "omnifunc", "v:lua.vim.lsp.omnifunc")
  end
end

vim.api.nvim_create_autocmd("FileType", {
  pattern = { "c", "cpp", "json", "jsonc" },
  callback = function(event)
    M.attach(event.buf)
  end,
})

vim.api.nvim_create_autocmd("BufEnter", { callback = refresh_lenses })

vim.api.nvim_create_autocmd("BufDelete", {
  callback = function(event)
    M.buffers[event.buf] = nil
  end,
})

return M
