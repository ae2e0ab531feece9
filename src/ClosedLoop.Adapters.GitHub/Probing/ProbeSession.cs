using ClosedLoop.Adapters.GitHub.GraphQl;
using ClosedLoop.Adapters.GitHub.Observations;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>How one probe goes: what it has read and what went wrong. Facts read before a failure are kept. Not safe for use by several threads.</summary>
internal sealed class ProbeSession(GitHubSettings settings, GitHubClient client, int allowance)
{
    private ProbeOutcome _outcome;
    private string? _detail;
    private DateTimeOffset? _retryAt;
    private int _spent;
    private bool _outOfAllowance;

    public GitHubSettings Settings => settings;

    public Harvest Harvest { get; } = new();

    /// <summary>How far the sweep got before the session stopped; see <see cref="ProbeResult.SweptUntil"/>.</summary>
    public DateTimeOffset? SweptUntil { get; set; }

    /// <summary>Whether nothing more can be read in this probe.</summary>
    public bool IsStopped { get; private set; }

    public ProbeResult Result() => new()
    {
        Outcome = _outcome,
        // Two queries of one probe can show one head or deployment.
        Facts = [.. Harvest.Facts.Distinct()],
        History = [.. Harvest.History],
        Detail = _detail,
        // Out of our own budget: its owner knows when there is more.
        RetryAt = _outOfAllowance ? null : _retryAt ?? client.WaitUntil(),
        Calls = _spent,
        SweptUntil = SweptUntil,
        RemainingRequests = client.Remaining,
        Diagnostics = [.. Harvest.Diagnostics.Distinct(StringComparer.Ordinal)],
    };

    /// <summary>Sends a query. When the answer holds no data, the session has stopped.</summary>
    /// <param name="document">The query.</param>
    /// <param name="points">What it costs at most.</param>
    /// <param name="canAskLess">Whether the caller has a smaller one: then an answer that is too slow or too large stops nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<GraphQlAnswer> QueryAsync(string document, int points, bool canAskLess, CancellationToken cancellationToken)
    {
        var reply = await SendAsync(document, points, cancellationToken).ConfigureAwait(false);
        var none = new GraphQlAnswer(reply);
        if (none.AskLess && canAskLess) return none;
        if (reply.Kind == ReplyKind.NotFound)
        {
            Stop(ProbeOutcome.Unreachable, $"there is no GraphQL at {settings.GraphQlAddress.AbsolutePath} (404); check GitHub:BaseAddress, and that GitHub:Token is for this server");
            return none;
        }
        if (Failed(reply)) return none;
        var root = reply.Document!.RootElement;
        var errors = GraphQlErrors.Read(root);
        var data = root.Field("data");
        if (errors.IsRateLimited)
        {
            _retryAt = client.RefusedInBody(data.Field("rateLimit").Time("resetAt"));
            Stop(ProbeOutcome.RateLimited, "GitHub limits the rate of queries");
            return none;
        }
        if (!data.IsObject())
        {
            Stop(ProbeOutcome.Unreachable, errors.First is { } first ? $"GitHub refused the query: {first}" : "GitHub's answer holds no data");
            return none;
        }
        return new GraphQlAnswer(reply) { Data = data, Errors = errors };
    }

    /// <summary>Sends a query within the allowance; <see cref="Failed"/> says whether there is an answer.</summary>
    public async Task<GitHubReply> SendAsync(string document, int points, CancellationToken cancellationToken)
    {
        if (!CanSpend(points)) return OutOfAllowance(points);
        var reply = await client.QueryAsync(document, cancellationToken).ConfigureAwait(false);
        // What GitHub says that it cost, when it answered; else what it may have cost. A request that was held back here cost nothing.
        if (!reply.IsHeldBack) _spent += (int)Math.Clamp(reply.Document?.RootElement.Field("data").Field("rateLimit").Long("cost") ?? points, 1, 10_000);
        return reply;
    }

    /// <summary>Sends a REST request within the allowance. "Not modified" is free.</summary>
    public async Task<GitHubReply> GetAsync(Uri address, string? etag, CancellationToken cancellationToken, bool asApp = false)
    {
        if (!CanSpend(1)) return OutOfAllowance(1);
        var reply = await client.GetAsync(address, etag, asApp, cancellationToken).ConfigureAwait(false);
        if (!reply.IsHeldBack && reply.Kind != ReplyKind.NotModified) _spent++;
        return reply;
    }

    /// <summary>Sends a REST request that changes something, within the allowance.</summary>
    public async Task<GitHubReply> PostAsync(string path, bool asApp, CancellationToken cancellationToken)
    {
        if (!CanSpend(1)) return OutOfAllowance(1);
        var reply = await client.ChangeAsync(HttpMethod.Post, path, null, asApp, cancellationToken).ConfigureAwait(false);
        if (!reply.IsHeldBack) _spent++;
        return reply;
    }

    private bool CanSpend(int calls) => _spent + (long)calls <= allowance;

    private GitHubReply OutOfAllowance(int calls)
    {
        _outOfAllowance = true;
        return new GitHubReply { Kind = ReplyKind.RateLimited, IsHeldBack = true, Detail = $"GitHub:CallsPerHour leaves {Math.Max(0, allowance - _spent)} calls now, and the next request may cost {calls}" };
    }

    /// <summary>Stops the session when a reply is no answer.</summary>
    public bool Failed(GitHubReply reply)
    {
        switch (reply.Kind)
        {
            case ReplyKind.Ok:
                return false;
            case ReplyKind.RateLimited:
                _retryAt = reply.RetryAt;
                Stop(ProbeOutcome.RateLimited, reply.Detail);
                return true;
            default:
                Stop(ProbeOutcome.Unreachable, reply.Detail ?? "GitHub gave an answer that fits no request");
                return true;
        }
    }

    /// <summary>
    /// Part of what was asked is unknown. The contract has one outcome for the whole batch, and "reached" would say that what is not
    /// mentioned is not there.
    /// </summary>
    public void Blind(string detail)
    {
        Harvest.Diagnostics.Add(detail);
        if (_outcome != ProbeOutcome.Reached) return;
        _outcome = ProbeOutcome.Unreachable;
        _detail = detail;
    }

    /// <summary>The repository is not there for this token.</summary>
    public void BlindFor(string repository, string how) =>
        Blind($"GitHub finds no repository {repository} for GitHub:Token ({how}); correct GitHub:Repositories, or give the token access to it");

    /// <summary>Notes an error about one part of an answer. "Not found" is an answer; anything else leaves us without one, and silence must not look like it.</summary>
    public void Note(string about, GraphQlErrors.Entry error)
    {
        Harvest.Diagnostics.Add($"{about}: {error.Type}: {error.Message}");
        if (error.Type == "NOT_FOUND") return;
        Blind(error.Type is "FORBIDDEN" or "INSUFFICIENT_SCOPES"
            ? $"GitHub:Token may not read all of {about}: {error.Message}; give it read access to pull requests, checks, commit statuses, deployments and contents"
            : $"GitHub could not answer for {about}: {error.Message}");
    }

    private void Stop(ProbeOutcome outcome, string? detail)
    {
        IsStopped = true;
        _outcome = outcome;
        _detail = detail;
    }
}
