SELECT seq FROM tts_jobs WHERE seq BETWEEN :first AND :last
