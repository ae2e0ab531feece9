using System.Globalization;
using System.Net.Http.Headers;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>What is left of one rate window; REST and GraphQL have one each. Safe from several threads.</summary>
internal sealed class RateBudget(TimeProvider time, int reserve)
{
    // A window is an hour; a reset further off than this is a wrong clock or a wrong unit.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(2);
    private static readonly TimeSpan ShortestBackoff = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(16);

    private readonly Lock _lock = new();
    private int? _remaining;
    private DateTimeOffset? _reset;
    private DateTimeOffset? _blockedUntil;
    private int _refusals;

    public int? Remaining
    {
        get
        {
            lock (_lock) return _remaining;
        }
    }

    /// <summary>When the next request may be made; null: now.</summary>
    public DateTimeOffset? WaitUntil()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_blockedUntil > now) return _blockedUntil;
            return _remaining <= reserve && _reset > now ? _reset : null;
        }
    }

    public void Read(HttpResponseHeaders headers)
    {
        lock (_lock)
        {
            if (Number(headers, "x-ratelimit-remaining") is not { } remaining) return;
            _remaining = (int)Math.Clamp(remaining, 0, int.MaxValue);
            _reset = Reset(headers);
        }
    }

    public void Succeeded()
    {
        lock (_lock) _refusals = 0;
    }

    /// <summary>Notes that GitHub refused for the rate, and says until when. Without a header that says so: a minute, doubling.</summary>
    public DateTimeOffset Refuse(HttpResponseHeaders headers)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var backoff = ShortestBackoff * Math.Pow(2, Math.Min(_refusals++, 4));
            DateTimeOffset? until = headers.RetryAfter switch
            {
                { Delta: { } delta } => now + delta,
                { Date: { } date } => date,
                _ => Number(headers, "x-ratelimit-remaining") == 0 ? Reset(headers) : null,
            };
            var wait = until is { } named && named > now ? named : now + (backoff < LongestBackoff ? backoff : LongestBackoff);
            _blockedUntil = wait < now + LongestWait ? wait : now + LongestWait;
            return _blockedUntil.Value;
        }
    }

    // In seconds by the documentation; some proxies and recordings have milliseconds.
    private DateTimeOffset? Reset(HttpResponseHeaders headers)
    {
        if (Number(headers, "x-ratelimit-reset") is not { } reset || reset <= 0) return null;
        if (reset > 100_000_000_000) reset /= 1000;
        var latest = time.GetUtcNow() + LongestWait;
        return reset < latest.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(reset) : latest;
    }

    public static long? Number(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) && long.TryParse(values.FirstOrDefault(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;
}
