using System.Text.Json;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.GitLab.Observations;
using ClosedLoop.Adapters.SourceHosts;

namespace ClosedLoop.Adapters.GitLab.Probing;

/// <summary>Reads GitLab's REST API, version 4. Not safe for use by several threads.</summary>
internal sealed class GitLabReader(HostSession session, GitLabSettings settings) : IHostReader
{
    private const int PageSize = 100, NewestDeployments = 20;
    private readonly HashSet<(string Repository, long Id)> _pipelines = [];
    private readonly TrainReader _trains = new(session, settings);

    public async Task<string?> DefaultBranchAsync(string repository, CancellationToken cancellationToken)
    {
        var answer = await session.GetAsync(At(repository, ""), cancellationToken).ConfigureAwait(false);
        if (session.IsStopped) return null;
        if (answer.Kind is SourceAnswerKind.Missing or SourceAnswerKind.Forbidden)
        {
            session.Blind($"GitLab finds no project {repository} for GitLab:Token; correct GitLab:Projects, or give the token access to it");
            return null;
        }
        return session.Expect(answer, repository, JsonValueKind.Object) ? answer.Root.Text("default_branch") : null;
    }

    public async Task<(string Sha, DateTimeOffset? AsOf)?> HeadAsync(string repository, string branch, CancellationToken cancellationToken)
    {
        var answer = await session.GetAsync(At(repository, $"/repository/branches/{Uri.EscapeDataString(branch)}"), cancellationToken).ConfigureAwait(false);
        // Not every project has every target branch.
        if (answer.Kind == SourceAnswerKind.Missing || !session.Expect(answer, $"{branch} of {repository}", JsonValueKind.Object)) return null;
        return answer.Root.Text("commit", "id") is { } sha && KeyText.IsCommit(sha) ? (sha.ToLowerInvariant(), answer.AsOf) : null;
    }

    public async Task<IReadOnlyList<LineCommitSeen>> HistoryAsync(string repository, string reference, int count, CancellationToken cancellationToken)
    {
        var answer = await session.GetAsync(At(repository, $"/repository/commits?ref_name={Uri.EscapeDataString(reference)}&first_parent=true&per_page={count}"), cancellationToken).ConfigureAwait(false);
        if (!session.Expect(answer, $"the history of {reference} of {repository}", JsonValueKind.Array)) return [];
        return [.. answer.Root.EnumerateArray().Select(GitLabObjects.ReadCommit).OfType<LineCommitSeen>()];
    }

    public async Task<IReadOnlyList<(long Number, DateTimeOffset UpdatedAt, JsonElement Listed)>?> ChangedAsync(string repository, DateTimeOffset since, CancellationToken cancellationToken)
    {
        // Newest first: what changes meanwhile moves to the front and is only seen twice; oldest first it would push others past the page's end.
        var found = new Dictionary<long, (long Number, DateTimeOffset UpdatedAt, JsonElement Listed)>();
        bool all = await PagesAsync(repository, $"/merge_requests?state=all&scope=all&order_by=updated_at&sort=desc&updated_after={Text(since)}", "merge requests", since, request =>
        {
            if (request.Number("iid") is { } number and > 0 and <= int.MaxValue && request.Moment("updated_at") is { } at) found.TryAdd(number, (number, at, request));
            return true;
        }, cancellationToken).ConfigureAwait(false);
        return all ? [.. found.Values] : session.IsStopped ? null : [.. found.Values];
    }

    public async Task ReadChangeAsync(string repository, long number, JsonElement? listed, CancellationToken cancellationToken)
    {
        string about = $"{repository}!{number}";
        if (listed is not { } request)
        {
            var answer = await session.GetAsync(At(repository, $"/merge_requests/{number}"), cancellationToken).ConfigureAwait(false);
            if (!session.Expect(answer, about, JsonValueKind.Object)) return;
            request = answer.Root;
        }
        bool isRead = false;
        session.Guard(about, () =>
        {
            string? missing = GitLabObjects.ReadMergeRequest(request, repository, settings, session.Harvest);
            if (missing == "sha" && request.Text("state") == "opened") session.Harvest.Diagnostics.Add($"{about}: has no commits yet");
            else if (missing is not null) session.Blind($"GitLab's answer for {about} lacks {missing}");
            isRead = missing is null;
        });
        if (!isRead || session.IsStopped) return;
        var approvals = await session.GetAsync(At(repository, $"/merge_requests/{number}/approvals"), cancellationToken).ConfigureAwait(false);
        if (!session.Expect(approvals, $"the approvals of {about}", JsonValueKind.Object)) return;
        JsonElement? reviewers = null;
        if (request.Elements("reviewers").Any())
        {
            var answer = await session.GetAsync(At(repository, $"/merge_requests/{number}/reviewers"), cancellationToken).ConfigureAwait(false);
            // Older than 13.7: there are no reviewers who could request changes.
            if (answer.Kind != SourceAnswerKind.Missing && !session.Expect(answer, $"the reviewers of {about}", JsonValueKind.Array)) return;
            reviewers = answer.IsFound ? answer.Root : null;
        }
        session.Guard(about, () =>
        {
            if (GitLabObjects.ReadApprovals(approvals.Root, reviewers, request, repository, settings, session.Harvest) is { } missing) session.Blind($"GitLab's answer for the approvals of {about} lacks {missing}");
        });
        if (settings.HasMergeTrains && !session.IsStopped) await _trains.ReadAsync(repository, At(repository, ""), request, cancellationToken).ConfigureAwait(false);
    }

    public async Task ReadCommitAsync(string repository, string sha, string? defaultBranch, CancellationToken cancellationToken)
    {
        var answer = await session.GetAsync(At(repository, $"/pipelines?sha={sha}&per_page={PageSize}"), cancellationToken).ConfigureAwait(false);
        if (!session.Expect(answer, $"the pipelines of {sha} of {repository}", JsonValueKind.Array)) return;
        foreach (var pipeline in answer.Root.EnumerateArray()) await ReadPipelineAsync(repository, pipeline, defaultBranch, cancellationToken).ConfigureAwait(false);
    }

    public async Task ReadRepositoryAsync(string repository, IReadOnlyCollection<string> lines, string? defaultBranch, DateTimeOffset since, CancellationToken cancellationToken)
    {
        foreach (string line in lines)
        {
            var changed = new List<JsonElement>();
            await PagesAsync(repository, $"/pipelines?ref={Uri.EscapeDataString(line)}&order_by=updated_at&sort=desc&updated_after={Text(since)}", $"pipelines of {line}", since, pipeline =>
            {
                changed.Add(pipeline);
                return true;
            }, cancellationToken).ConfigureAwait(false);
            foreach (var pipeline in changed) await ReadPipelineAsync(repository, pipeline, defaultBranch, cancellationToken).ConfigureAwait(false);
        }
        // The newest of all, not those that changed: what runs must be known however long ago it came, and a rollback whose webhook was lost is found.
        var answer = await session.GetAsync(At(repository, $"/deployments?order_by=id&sort=desc&per_page={NewestDeployments}"), cancellationToken).ConfigureAwait(false);
        if (answer.Kind is SourceAnswerKind.Missing or SourceAnswerKind.Forbidden && !session.IsStopped)
        {
            session.Harvest.Diagnostics.Add($"{repository}: its deployments cannot be read; give GitLab:Token the role Reporter at least, or switch environments on in the project");
            return;
        }
        if (!session.Expect(answer, $"the deployments of {repository}", JsonValueKind.Array)) return;
        foreach (var deployment in answer.Root.EnumerateArray())
            session.Guard($"a deployment of {repository}", () =>
            {
                if (GitLabObjects.ReadDeployment(deployment, repository, settings, session.Harvest) is { } missing) session.Harvest.Diagnostics.Add($"a deployment of {repository} lacks {missing}");
            });
    }

    // A list does not say when a pipeline ended, which orders it against a run of it before.
    private async Task ReadPipelineAsync(string repository, JsonElement listed, string? defaultBranch, CancellationToken cancellationToken)
    {
        if (session.IsStopped || listed.Number("id") is not { } id || listed.Text("ref") is not { } reference || !_pipelines.Add((repository, id))) return;
        if (PipelineFacts.ReasonToIgnore(listed.Text("source"), reference, false, defaultBranch, settings) is not null) return;
        string about = $"pipeline {id} of {repository}";
        var answer = await session.GetAsync(At(repository, $"/pipelines/{id}"), cancellationToken).ConfigureAwait(false);
        if (!session.Expect(answer, about, JsonValueKind.Object)) return;
        session.Guard(about, () =>
        {
            if (GitLabObjects.ReadPipeline(answer.Root, repository, defaultBranch, settings, session.Harvest) is { } missing) session.Blind($"GitLab's answer for {about} lacks {missing}");
        });
    }

    private async Task<bool> PagesAsync(string repository, string query, string what, DateTimeOffset since, Func<JsonElement, bool> take, CancellationToken cancellationToken)
    {
        for (int page = 1; ; page++)
        {
            if (page > settings.Host.MaxSweepPages)
            {
                session.Harvest.Diagnostics.Add($"{repository}: more than {settings.Host.MaxSweepPages * PageSize} {what} changed since {since:u}; older ones were not read (GitLab:MaxSweepPages)");
                return false;
            }
            var answer = await session.GetAsync(At(repository, $"{query}&per_page={PageSize}&page={page}"), cancellationToken).ConfigureAwait(false);
            if (!session.Expect(answer, $"the {what} of {repository}", JsonValueKind.Array)) return false;
            foreach (var element in answer.Root.EnumerateArray()) take(element);
            if (!answer.HasNext) return true;
        }
    }

    private static string At(string repository, string rest) => $"projects/{Uri.EscapeDataString(repository)}{rest}";

    private static string Text(DateTimeOffset since) => Uri.EscapeDataString(since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
}
