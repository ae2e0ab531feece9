using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub.GraphQl;
using ClosedLoop.Adapters.GitHub.Observations;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>One probe: what it has still to read, and what it has read. Facts read before a failure are kept.</summary>
internal sealed class ProbeRun(GitHubSettings settings, GitHubClient client, ConcurrentDictionary<string, SweepMemory> memory)
{
    /// <summary>The most subjects in one query.</summary>
    public const int ChunkSize = 50;

    /// <summary>The most pages of 100 checks read of one commit; GitHub itself sums up no more than 1,000 suites.</summary>
    public const int MaxContextPages = 10;

    private readonly Harvest _harvest = new();
    private readonly HashSet<GraphQlSubject> _asked = [];
    private ProbeOutcome _outcome;
    private string? _detail;
    private DateTimeOffset? _retryAt;
    private bool _stopped;

    public ProbeResult Result() => new()
    {
        Outcome = _outcome,
        Facts = [.. _harvest.Facts],
        Detail = _detail,
        RetryAt = _retryAt ?? client.WaitUntil(),
        RemainingRequests = client.Remaining,
        Diagnostics = [.. _harvest.Diagnostics.Distinct(StringComparer.Ordinal)],
    };

    public async Task ExecuteAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        var subjects = new List<GraphQlSubject>();
        foreach (var key in batch.Keys)
        {
            if (!GraphQlSubject.TryParse(key, out var subject)) _harvest.Diagnostics.Add($"{key} is not a pull request or commit that GitHub can be asked for");
            else if (!settings.Watches(subject.Repository)) _harvest.Diagnostics.Add($"{key} is not read: its repository is not in GitHub:Repositories");
            else if (_asked.Add(subject)) subjects.Add(subject);
        }
        // What is known and open comes first: the sweep may use up the budget.
        await QueryAsync(subjects, cancellationToken).ConfigureAwait(false);
        if (batch.SweepSince is { } since)
        {
            var changed = new List<GraphQlSubject>();
            foreach (string repository in settings.Repositories)
            {
                if (_stopped) break;
                foreach (long number in await SweepAsync(repository, since, cancellationToken).ConfigureAwait(false))
                    if (new GraphQlSubject(repository, number, null) is var subject && _asked.Add(subject))
                        changed.Add(subject);
            }
            await QueryAsync(changed, cancellationToken).ConfigureAwait(false);
        }
        // A merge that no webhook announced: its checks may be done already.
        var landings = _harvest.Facts.Where(static f => f.Kind == FactKinds.Landing).Select(static f => f.Subject).ToList();
        var commits = new List<GraphQlSubject>();
        foreach (var landing in landings)
            if (GraphQlSubject.TryParse(landing, out var subject) && _asked.Add(subject))
                commits.Add(subject);
        await QueryAsync(commits, cancellationToken).ConfigureAwait(false);
    }

    private async Task QueryAsync(List<GraphQlSubject> subjects, CancellationToken cancellationToken)
    {
        foreach (var chunk in subjects.Chunk(ChunkSize))
        {
            if (_stopped) return;
            await QueryChunkAsync(chunk, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task QueryChunkAsync(GraphQlSubject[] chunk, CancellationToken cancellationToken)
    {
        using var reply = await client.QueryAsync(GraphQlDocument.Batch(chunk), cancellationToken).ConfigureAwait(false);
        if (reply.Kind == ReplyKind.TooSlow && chunk.Length > 10)
        {
            // GitHub gives a query ten seconds; half of it may fit.
            await QueryChunkAsync(chunk[..(chunk.Length / 2)], cancellationToken).ConfigureAwait(false);
            if (!_stopped) await QueryChunkAsync(chunk[(chunk.Length / 2)..], cancellationToken).ConfigureAwait(false);
            return;
        }
        if (reply.Kind == ReplyKind.NotFound)
        {
            Stop(ProbeOutcome.Unreachable, $"there is no GraphQL at {settings.GraphQlAddress.AbsolutePath} (404); check GitHub:BaseAddress, and that GitHub:Token is for this server");
            return;
        }
        if (Failed(reply)) return;
        var root = reply.Document!.RootElement;
        var errors = GraphQlErrors.Read(root);
        if (errors.IsRateLimited)
        {
            _retryAt = client.RefusedInBody(root.Field("data").Field("rateLimit").Time("resetAt"));
            Stop(ProbeOutcome.RateLimited, "GitHub limits the rate of queries");
            return;
        }
        var data = root.Field("data");
        if (!data.IsObject())
        {
            Stop(ProbeOutcome.Unreachable, errors.First is { } first ? $"GitHub refused the query: {first}" : "GitHub's answer holds no data");
            return;
        }
        var commits = ReadSubjects(chunk, data, errors);
        foreach (var commit in commits) await FinishAsync(commit, cancellationToken).ConfigureAwait(false);
    }

    private List<GraphQlCommit> ReadSubjects(GraphQlSubject[] chunk, JsonElement data, GraphQlErrors errors)
    {
        var commits = new List<GraphQlCommit>();
        int repositoryIndex = 0, commitIndex = 0;
        foreach (var group in chunk.GroupBy(static s => s.Repository, StringComparer.Ordinal))
        {
            string repositoryAlias = $"r{repositoryIndex++}";
            var repository = data.Field(repositoryAlias);
            if (!repository.IsObject())
            {
                commitIndex += group.Count(static s => s.Commit is not null);
                Blind($"GitHub finds no repository {group.Key} for GitHub:Token ({errors.At(repositoryAlias)?.Type ?? "no answer"}); correct GitHub:Repositories, or give the token access to it");
                continue;
            }
            foreach (var subject in group)
            {
                string alias = subject.Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"p{number}") : $"c{commitIndex++}";
                Read(subject, repository.Field(alias), errors.At(repositoryAlias, alias) ?? errors.Anywhere, commits);
            }
        }
        return commits;
    }

    private void Read(GraphQlSubject subject, JsonElement found, GraphQlErrors.Entry? error, List<GraphQlCommit> commits)
    {
        if (error is { } entry)
        {
            _harvest.Diagnostics.Add($"{subject.Key}: {entry.Type}: {entry.Message}");
            // "Not found" is an answer. Anything else leaves us without one, and silence must not look like it.
            if (entry.Type != "NOT_FOUND")
                Blind(entry.Type is "FORBIDDEN" or "INSUFFICIENT_SCOPES"
                    ? $"GitHub:Token may not read all of {subject.Key}: {entry.Message}; give it read access to pull requests, checks, commit statuses, deployments and contents"
                    : $"GitHub could not answer for {subject.Key}: {entry.Message}");
        }
        if (!found.IsObject())
        {
            // A webhook can announce a commit or number that the API does not show yet: it is asked for again, never counted as gone.
            if (error is null) _harvest.Diagnostics.Add($"{subject.Key}: GitHub does not show it (yet)");
            return;
        }
        if (subject.Number is not null)
        {
            if (!GraphQlPullRequest.Read(subject, found, settings, _harvest)) Blind($"GitHub's answer for {subject.Key} lacks a field that its schema promises");
            return;
        }
        if (!string.Equals(found.Text("oid"), subject.Commit, StringComparison.OrdinalIgnoreCase))
        {
            _harvest.Diagnostics.Add($"{subject.Key}: the object of this id is not a commit");
            return;
        }
        var commit = new GraphQlCommit(subject);
        commit.ReadFirst(found, _harvest);
        if (error is not null) commit.MarkIncomplete();
        commits.Add(commit);
    }

    private async Task FinishAsync(GraphQlCommit commit, CancellationToken cancellationToken)
    {
        for (int page = 1; commit.Cursor is { } cursor && page < MaxContextPages && !_stopped; page++)
        {
            using var reply = await client.QueryAsync(GraphQlDocument.NextContexts(commit.Subject, cursor), cancellationToken).ConfigureAwait(false);
            if (Failed(reply)) break;
            var root = reply.Document!.RootElement;
            var found = root.Field("data").Field("r0").Field("c0");
            if (GraphQlErrors.Read(root).First is not null || !found.IsObject())
            {
                commit.MarkIncomplete();
                break;
            }
            commit.ReadPage(found);
        }
        commit.Finish(settings, _harvest);
    }

    private async Task<IReadOnlyList<long>> SweepAsync(string repository, DateTimeOffset since, CancellationToken cancellationToken)
    {
        // GitHub's times have whole seconds.
        since = DateTimeOffset.FromUnixTimeSeconds(since.ToUnixTimeSeconds());
        var known = memory.GetValueOrDefault(repository) is { } last && last.CoveredSince <= since ? last : null;
        var updated = new List<(long Number, DateTimeOffset UpdatedAt)>();
        Uri? address = new(settings.BaseAddress, $"repos/{repository}/pulls?state=all&sort=updated&direction=desc&per_page=100");
        string? etag = null;
        bool covered = false;
        for (int page = 0; address is not null && !covered; page++)
        {
            if (page >= settings.MaxSweepPages)
            {
                _harvest.Diagnostics.Add($"{repository}: more than {settings.MaxSweepPages * 100} pull requests changed since {since:u}; older ones were not read (GitHub:MaxSweepPages)");
                break;
            }
            using var reply = await client.GetAsync(address, page == 0 ? known?.ETag : null, cancellationToken).ConfigureAwait(false);
            if (reply.Kind == ReplyKind.NotModified && known is not null) return Changed(known.Updated, since);
            if (reply.Kind == ReplyKind.NotFound)
            {
                Blind($"GitHub finds no repository {repository} for GitHub:Token (404); correct GitHub:Repositories, or give the token access to it");
                return [];
            }
            if (Failed(reply)) break;
            if (reply.Document!.RootElement.ValueKind != JsonValueKind.Array)
            {
                Blind($"GitHub's list of pull requests of {repository} is not a list; check GitHub:BaseAddress");
                break;
            }
            if (page == 0) etag = reply.ETag;
            foreach (var pull in reply.Document.RootElement.EnumerateArray())
            {
                if (pull.Long("number") is not { } number || number is <= 0 or > int.MaxValue || pull.Time("updated_at") is not { } at) continue;
                if (at < since) covered = true;
                else updated.Add((number, at));
            }
            address = reply.Next;
            covered |= address is null;
        }
        if (covered && etag is not null) memory[repository] = new SweepMemory(etag, since, updated);
        else memory.TryRemove(repository, out _);
        return Changed(updated, since);
    }

    private static List<long> Changed(IReadOnlyList<(long Number, DateTimeOffset UpdatedAt)> updated, DateTimeOffset since) =>
        [.. updated.Where(u => u.UpdatedAt >= since).Select(static u => u.Number).Distinct()];

    private bool Failed(GitHubReply reply)
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

    private void Stop(ProbeOutcome outcome, string? detail)
    {
        _stopped = true;
        _outcome = outcome;
        _detail = detail;
    }

    // Part of what was asked is unknown. The contract has one outcome for the whole batch, and "reached" would say that what is not
    // mentioned is not there.
    private void Blind(string detail)
    {
        _harvest.Diagnostics.Add(detail);
        if (_outcome != ProbeOutcome.Reached) return;
        _outcome = ProbeOutcome.Unreachable;
        _detail = detail;
    }
}
