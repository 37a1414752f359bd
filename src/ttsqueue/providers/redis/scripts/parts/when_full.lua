-- A full Redis refuses what takes memory only as the first write of a script: behind one that takes none, what keeps a
-- running job alive or ends it passes. See docs/decisions/0042.
local function pass_when_full()
  call('DEL', NONE)
end
