local numbers = {}
for _, status in ipairs({'pending', 'processing', 'completed', 'failed', 'cancelled'}) do
  numbers[#numbers + 1] = call('ZCARD', OURS .. 'status:' .. status)
end
numbers[#numbers + 1] = call('ZCOUNT', BULL .. 'delayed', (now_ms + 1) * 4096, '+inf')
return {'ok', numbers}
