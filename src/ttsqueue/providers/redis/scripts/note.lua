local note = call('HMGET', OURS .. 'note:' .. args.name, 'text', 'version')
return {'ok', note[1] or '', tonumber(note[2] or 0), text(now)}
