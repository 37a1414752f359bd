--! part whose
-- The active job that is the same; with its name in BullMQ's queue when it is gone from there.
local function duplicate(twin)
  return {'duplicate', twin.id, twin.status, not owns(twin) and bull_id(twin) or nil}
end
