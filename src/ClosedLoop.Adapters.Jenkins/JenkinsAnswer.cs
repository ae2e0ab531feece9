using System.Text.Json;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>How a request to Jenkins went.</summary>
internal enum AnswerKind
{
    /// <summary>JSON came back.</summary>
    Found = 0,

    /// <summary>There is no such thing, or the user may not know of it (404).</summary>
    Missing = 1,

    /// <summary>This one thing may not be read (403).</summary>
    Forbidden = 2,

    /// <summary>Jenkins cannot be read at all now.</summary>
    Unreachable = 3,

    /// <summary>Something in front of Jenkins limits the rate (429).</summary>
    RateLimited = 4,
}

/// <summary>What Jenkins answered.</summary>
internal sealed record JenkinsAnswer(AnswerKind Kind, string? Detail = null) : IDisposable
{
    public JsonDocument? Document { get; init; }

    public DateTimeOffset? RetryAt { get; init; }

    public void Dispose() => Document?.Dispose();
}
