--! bullmq updateProgress-3
--! part when_full
--! part whose
local job = held(args.id, args.token)
if not job then return {'lost'} end
pass_when_full()
local percent = math.max(tonumber(job.progress_percent or 0), math.min(args.percent or 0, 99))
write(job, {
  progress_percent = percent, progress_message = args.message or job.progress_message,
  current_chapter = args.current_chapter or job.current_chapter, eta_seconds = args.eta_seconds or job.eta_seconds,
  heartbeat_at = now,
})
local seen = cjson.encode({
  percent = percent, message = job.progress_message or '', currentChapter = tonumber(job.current_chapter or 0),
  totalChapters = tonumber(job.total_chapters),
})
if owns(job) then
  bull_updateProgress({BULL .. bull_id(job), BULL .. 'events', BULL .. 'meta'}, {bull_id(job), seen})
end
announce(job.id, false)
return {'ok', job}
