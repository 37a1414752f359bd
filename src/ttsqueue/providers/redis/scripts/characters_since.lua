local characters = 0
for _, usage in ipairs(call('ZRANGEBYSCORE', OURS .. 'usage:' .. args.user_id, '(' .. text(now - args.span), '+inf')) do
  characters = characters + tonumber(string.match(usage, ':(%d+)$'))
end
return {'ok', characters}
