using System.Text.Json;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>What became of one request.</summary>
internal sealed class GitHubReply : IDisposable
{
    public required ReplyKind Kind { get; init; }

    /// <summary>The body, when the kind is <see cref="ReplyKind.Ok"/>.</summary>
    public JsonDocument? Document { get; init; }

    /// <summary>To be sent back verbatim.</summary>
    public string? ETag { get; init; }

    /// <summary>The address of the next page, as GitHub gave it; addresses of pages are never made up.</summary>
    public Uri? Next { get; init; }

    /// <summary>
    /// An instant by GitHub's clock, in whole seconds, before which nothing can have happened that this answer does not show: the answer's
    /// <c>Date</c> less the time that the request took. Null when the answer has no such header, or one from the future.
    /// </summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>Whether no request was sent, to keep to a limit.</summary>
    public bool IsHeldBack { get; init; }

    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The HTTP status of an answer that refused; 0 when there was none or it did not.</summary>
    public int Status { get; init; }

    /// <summary>What GitHub said in an answer that refused, cut short; null when it said nothing.</summary>
    public string? Message { get; init; }

    public string? Detail { get; init; }

    public void Dispose() => Document?.Dispose();
}
