using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>Reads a host's API, and keeps what it says of its rate limit. Safe from several threads.</summary>
internal sealed class HostClient(SourceClient source, TimeProvider time, int minRemaining)
{
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(5), MaxWait = TimeSpan.FromHours(1);
    private readonly Lock _lock = new();
    private int? _remaining;
    private DateTimeOffset? _resetAt;

    /// <summary>Requests left in the host's current window, when it says so.</summary>
    public int? Remaining
    {
        get { lock (_lock) return _remaining; }
    }

    /// <summary>Until when nothing may be asked, because what is left is others'; null: now.</summary>
    public DateTimeOffset? HeldBackUntil
    {
        get { lock (_lock) return _remaining <= minRemaining && _resetAt > time.GetUtcNow() ? _resetAt : null; }
    }

    public async Task<(SourceAnswer Answer, HostAnswer Read)> GetAsync(string path, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        var answer = await source.GetAsync(path, prepare: null, cancellationToken).ConfigureAwait(false);
        Note(answer.Headers);
        if (answer.Kind != SourceAnswerKind.Found) return (answer, new HostAnswer(answer.Kind, default) { Detail = answer.Detail });
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            return (answer, new HostAnswer(answer.Kind, document.RootElement.Clone()) { HasNext = HasNext(answer.Headers), AsOf = AsOf(answer.Headers, time.GetElapsedTime(started)) });
        }
        catch (JsonException)
        {
            var failed = answer with { Kind = SourceAnswerKind.Unreachable, Detail = "the answer is not JSON, as a login page or a proxy sends; check the address and the token" };
            return (failed, new HostAnswer(failed.Kind, default) { Detail = failed.Detail });
        }
    }

    private void Note(HttpResponseHeaders? headers)
    {
        if (headers is null || Number(headers, "RateLimit-Remaining") is not { } remaining) return;
        var now = time.GetUtcNow();
        var reset = Number(headers, "RateLimit-Reset") is { } seconds and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : now + TimeSpan.FromMinutes(1);
        lock (_lock)
        {
            _remaining = (int)Math.Clamp(remaining, 0, int.MaxValue);
            _resetAt = reset > now + MaxWait ? now + MaxWait : reset;
        }
    }

    // What the answer shows may be as old as its request.
    private DateTimeOffset? AsOf(HttpResponseHeaders? headers, TimeSpan took)
    {
        if (headers?.Date is not { } date || date > time.GetUtcNow() + MaxSkew) return null;
        return date.ToUniversalTime() - (took > TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(Math.Ceiling(took.TotalSeconds)) : TimeSpan.Zero);
    }

    // Only whether there is a next page is taken from the answer, never where.
    private static bool HasNext(HttpResponseHeaders? headers)
    {
        if (headers is null) return false;
        if (headers.TryGetValues("X-Next-Page", out var next)) return next.Any(static n => n.Trim().Length > 0);
        return headers.TryGetValues("Link", out var links) && links.Any(static l => l.Contains("rel=\"next\"", StringComparison.Ordinal));
    }

    private static long? Number(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
