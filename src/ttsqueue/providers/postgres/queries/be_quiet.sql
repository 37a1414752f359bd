SELECT set_config('tts.quiet', 'on', true)
