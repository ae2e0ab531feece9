using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.Gitea.Observations;
using ClosedLoop.Adapters.SourceHosts;

namespace ClosedLoop.Adapters.Gitea.Probing;

/// <summary>Reads the REST API, version 1, of Gitea and Forgejo. Not safe for use by several threads.</summary>
internal sealed class GiteaReader(HostSession session, GiteaSettings settings) : IHostReader
{
    // What a server gives at most unless it is configured otherwise.
    private const int PageSize = 50, MaxPages = 10;

    public async Task<string?> DefaultBranchAsync(string repository, CancellationToken cancellationToken)
    {
        var answer = await session.GetAsync(At(repository, ""), cancellationToken).ConfigureAwait(false);
        if (session.IsStopped) return null;
        if (answer.Kind is SourceAnswerKind.Missing or SourceAnswerKind.Forbidden)
        {
            session.Blind($"Gitea finds no repository {repository} for Gitea:Token; correct Gitea:Repositories, or give the token access to it");
            return null;
        }
        return session.Expect(answer, repository, JsonValueKind.Object) ? answer.Root.Text("default_branch") : null;
    }

    public async Task<(string Sha, DateTimeOffset? AsOf)?> HeadAsync(string repository, string branch, CancellationToken cancellationToken)
    {
        // Unlike GitLab it takes the slashes of a branch's name as they are.
        var answer = await session.GetAsync(At(repository, $"/branches/{string.Join('/', branch.Split('/').Select(Uri.EscapeDataString))}"), cancellationToken).ConfigureAwait(false);
        // Not every repository has every target branch.
        if (answer.Kind == SourceAnswerKind.Missing || !session.Expect(answer, $"{branch} of {repository}", JsonValueKind.Object)) return null;
        return answer.Root.Text("commit", "id") is { } sha && KeyText.IsCommit(sha) ? (sha.ToLowerInvariant(), answer.AsOf) : null;
    }

    public async Task<IReadOnlyList<LineCommitSeen>> HistoryAsync(string repository, string reference, int count, CancellationToken cancellationToken)
    {
        // All that was merged in comes along, so two pages are read for one of the line.
        var found = new List<LineCommitSeen>();
        for (int page = 1; page <= Math.Max(1, count / PageSize); page++)
        {
            var answer = await session.GetAsync(At(repository, $"/commits?sha={Uri.EscapeDataString(reference)}&stat=false&verification=false&files=false&limit={PageSize}&page={page}"), cancellationToken).ConfigureAwait(false);
            if (!session.Expect(answer, $"the history of {reference} of {repository}", JsonValueKind.Array)) break;
            found.AddRange(answer.Root.EnumerateArray().Select(ReadCommit).OfType<LineCommitSeen>());
            if (!answer.HasNext) break;
        }
        return found;
    }

    public async Task<IReadOnlyList<(long Number, DateTimeOffset UpdatedAt, JsonElement Listed)>?> ChangedAsync(string repository, DateTimeOffset since, CancellationToken cancellationToken)
    {
        // Times have whole seconds.
        since = DateTimeOffset.FromUnixTimeSeconds(since.ToUnixTimeSeconds());
        var found = new Dictionary<long, (long Number, DateTimeOffset UpdatedAt, JsonElement Listed)>();
        for (int page = 1; ; page++)
        {
            if (page > settings.Host.MaxSweepPages)
            {
                session.Harvest.Diagnostics.Add($"{repository}: more than {settings.Host.MaxSweepPages * PageSize} pull requests changed since {since:u}; older ones were not read (Gitea:MaxSweepPages)");
                break;
            }
            var answer = await session.GetAsync(At(repository, $"/pulls?state=all&sort=recentupdate&limit={PageSize}&page={page}"), cancellationToken).ConfigureAwait(false);
            if (!session.Expect(answer, $"the pull requests of {repository}", JsonValueKind.Array)) return null;
            bool isCovered = false;
            foreach (var pull in answer.Root.EnumerateArray())
            {
                if (PullRequestObject.Number(pull, null) is not { } number || pull.Moment("updated_at") is not { } at) continue;
                if (at < since) isCovered = true;
                else found.TryAdd(number, (number, at, pull));
            }
            if (isCovered || !answer.HasNext) break;
        }
        return [.. found.Values];
    }

    public async Task ReadChangeAsync(string repository, long number, JsonElement? listed, CancellationToken cancellationToken)
    {
        string about = $"{repository}#{number}";
        if (listed is not { } pull)
        {
            var answer = await session.GetAsync(At(repository, $"/pulls/{number}"), cancellationToken).ConfigureAwait(false);
            if (!session.Expect(answer, about, JsonValueKind.Object)) return;
            pull = answer.Root;
        }
        bool isRead = false;
        session.Guard(about, () =>
        {
            string? missing = PullRequestObject.Read(pull, null, repository, settings, session.Harvest);
            if (missing is not null) session.Blind($"Gitea's answer for {about} lacks {missing}");
            isRead = missing is null;
        });
        for (int page = 1; isRead && page <= MaxPages && !session.IsStopped; page++)
        {
            var reviews = await session.GetAsync(At(repository, $"/pulls/{number}/reviews?limit={PageSize}&page={page}"), cancellationToken).ConfigureAwait(false);
            if (!session.Expect(reviews, $"the reviews of {about}", JsonValueKind.Array)) return;
            foreach (var review in reviews.Root.EnumerateArray())
                session.Guard(about, () =>
                {
                    if (ReviewFacts.Read(review, repository, number, pull.Text("user", "login") ?? "", settings, session.Harvest) is { } missing) session.Blind($"Gitea's answer for a review of {about} lacks {missing}");
                });
            if (!reviews.HasNext) return;
        }
    }

    public async Task ReadCommitAsync(string repository, string sha, string? defaultBranch, CancellationToken cancellationToken)
    {
        string about = $"the statuses of {sha} of {repository}";
        var statuses = new List<StatusSeen>();
        bool isComplete = false, isWhole = true;
        for (int page = 1; page <= MaxPages && !isComplete; page++)
        {
            var answer = await session.GetAsync(At(repository, $"/commits/{sha}/status?limit={PageSize}&page={page}"), cancellationToken).ConfigureAwait(false);
            // Of a commit without any status most versions of both say nothing at all.
            if (answer is { IsFound: true, Root.ValueKind: JsonValueKind.Null }) break;
            if (!session.Expect(answer, about, JsonValueKind.Object)) return;
            int count = 0;
            foreach (var status in answer.Root.Elements("statuses"))
            {
                count++;
                if (StatusObject.Read(status, "status") is { } seen) statuses.Add(seen);
                else isWhole = false;
            }
            isComplete = !answer.HasNext && (answer.Root.Number("total_count") ?? 0) <= statuses.Count;
            if (count == 0 || !answer.HasNext) break;
        }
        // Half a list must not pass.
        if (!isWhole) session.Blind($"{about}: Gitea's answer lacks a status's id, state or time");
        session.Guard(about, () => StatusFacts.AddAll(statuses, isComplete && isWhole, repository, sha, settings, session.Harvest));
        if (settings.CompleteChecks.Count > 0) await ReadRunsAsync(repository, sha, defaultBranch, cancellationToken).ConfigureAwait(false);
    }

    private async Task ReadRunsAsync(string repository, string sha, string? defaultBranch, CancellationToken cancellationToken)
    {
        string about = $"the workflow runs of {sha} of {repository}";
        for (int page = 1; page <= MaxPages; page++)
        {
            var answer = await session.GetAsync(At(repository, $"/actions/runs?head_sha={sha}&limit={PageSize}&page={page}"), cancellationToken).ConfigureAwait(false);
            // Older than 1.25, or Forgejo: it tells nobody of runs either.
            if (answer.Kind is SourceAnswerKind.Missing or SourceAnswerKind.Forbidden || !session.Expect(answer, about, JsonValueKind.Object)) return;
            foreach (var run in answer.Root.Elements("workflow_runs"))
                session.Guard(about, () =>
                {
                    // A server that does not know the filter answers with all runs there are.
                    if (!string.Equals(run.Text("head_sha"), sha, StringComparison.OrdinalIgnoreCase)) return;
                    if (WorkflowRunObject.Read(run, null, defaultBranch, repository, settings, session.Harvest) is { } missing) session.Harvest.Diagnostics.Add($"{about}: one lacks {missing}");
                });
            if (!answer.HasNext) return;
        }
    }

    public async Task ReadRepositoryAsync(string repository, IReadOnlyCollection<string> lines, string? defaultBranch, DateTimeOffset since, CancellationToken cancellationToken)
    {
        // CI of each line's newest commit counts for what is before it, whether or not anybody waits for that very commit.
        foreach (string sha in session.Harvest.Facts.Where(f => f.Kind == Facts.FactKinds.Head && lines.Any(line => f.Subject == KeyText.Branch(repository, line))).Select(static f => f.Revision!).Distinct(StringComparer.Ordinal).ToList())
            await ReadCommitAsync(repository, sha, defaultBranch, cancellationToken).ConfigureAwait(false);
    }

    public static LineCommitSeen? ReadCommit(JsonElement commit)
    {
        if (commit.Text("sha") is not { } sha || !KeyText.IsCommit(sha) || (commit.Member("commit", "committer")?.Moment("date") ?? commit.Moment("created")) is not { } at) return null;
        if (commit.Member("parents")?.ValueKind != JsonValueKind.Array) return null;
        var parents = ImmutableArray.CreateBuilder<string>();
        foreach (var parent in commit.Elements("parents"))
        {
            // Half a list of parents would be another history.
            if (parent.Text("sha") is not { } id || !KeyText.IsCommit(id)) return null;
            parents.Add(id.ToLowerInvariant());
        }
        return new LineCommitSeen(sha.ToLowerInvariant(), parents.ToImmutable(), commit.Text("commit", "message"), at);
    }

    private static string At(string repository, string rest) => $"repos/{string.Join('/', repository.Split('/').Select(Uri.EscapeDataString))}{rest}";
}
