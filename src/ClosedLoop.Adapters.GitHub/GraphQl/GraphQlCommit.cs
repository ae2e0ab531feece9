using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Observations;

namespace ClosedLoop.Adapters.GitHub.GraphQl;

/// <summary>Collects a commit's checks over one or more pages, and its deployments where they were asked for, out of answers. Not safe for use by several threads.</summary>
internal sealed class GraphQlCommit(GraphQlSubject subject)
{
    private readonly List<CheckSeen> _checks = [];
    private readonly List<CommitStatusSeen> _statuses = [];
    private readonly List<(string Status, string? Conclusion, string? Trigger)> _workflows = [];
    private string? _state;
    private long _count;
    private bool _isComplete = true;
    private bool _suitesComplete = true;

    public GraphQlSubject Subject => subject;

    /// <summary>Where the next page of checks starts; null when there is none.</summary>
    public string? Cursor { get; private set; }

    /// <summary>The pull request that it belongs to, where that was asked for.</summary>
    public long? PullRequest { get; private set; }

    public bool HasChecks => _state is not null;

    /// <summary>Part of the answer is missing: what was read may fail a gate and never pass one.</summary>
    public void MarkIncomplete() => _isComplete = false;

    public void ReadFirst(JsonElement commit, Harvest harvest)
    {
        var suites = commit.Field("checkSuites");
        _suitesComplete = suites.Field("pageInfo").Flag("hasNextPage") != true;
        foreach (var suite in suites.Items("nodes"))
            // Suites of other apps stay queued for ever when the app has nothing to say.
            if (suite.Field("workflowRun").IsObject() && suite.Text("status") is { } status)
                _workflows.Add((status.ToLowerInvariant(), suite.Text("conclusion")?.ToLowerInvariant(), suite.Field("workflowRun").Text("event")));
        foreach (var deployment in commit.Field("deployments").Items("nodes")) GraphQlDeployment.Read(subject.Repository, deployment, harvest);
        foreach (var pull in commit.Field("associatedPullRequests").Items("nodes"))
            if (pull.Long("number") is { } number and > 0 and <= int.MaxValue)
                PullRequest = number;
        ReadPage(commit);
    }

    /// <summary>Forgets the checks that were read: they are read again with more fields.</summary>
    public void Restart()
    {
        _checks.Clear();
        _statuses.Clear();
        _count = 0;
        Cursor = null;
    }

    public void ReadPage(JsonElement commit)
    {
        Cursor = null;
        var rollup = commit.Field("statusCheckRollup");
        if (!rollup.IsObject()) return;
        string? state = rollup.Text("state")?.ToLowerInvariant();
        // The sum may have changed between two pages; then the pages do not belong together.
        if (_state is not null && state != _state) _isComplete = false;
        _state ??= state;
        var contexts = rollup.Field("contexts");
        if (contexts.Field("nodes").ValueKind != JsonValueKind.Array) _isComplete = false;
        _count = Math.Max(_count, contexts.Long("totalCount") ?? 0);
        foreach (var node in contexts.Items("nodes"))
            if (!ReadContext(node))
                _isComplete = false;
        if (contexts.Field("pageInfo").Flag("hasNextPage") != true) return;
        Cursor = contexts.Field("pageInfo").Text("endCursor");
        if (Cursor is null) _isComplete = false;
    }

    public void Finish(GitHubSettings settings, Harvest harvest)
    {
        if (_state is null) return;
        bool countsQueue = settings.IsMainEvent(CommitSeen.QueueTrigger);
        RollupFacts.Add(
            new CommitSeen
            {
                Repository = subject.Repository,
                Commit = subject.Commit!,
                State = _state,
                Checks = _checks,
                Statuses = _statuses,
                Workflows = [.. _workflows.Where(w => countsQueue || w.Trigger != CommitSeen.QueueTrigger).Select(static w => (w.Status, w.Conclusion))],
                CountsQueue = countsQueue,
                RequiredOnly = settings.RequiredChecksOnly,
                Count = Math.Max(_count, _checks.Count + _statuses.Count),
                IsComplete = _isComplete && _suitesComplete && Cursor is null,
                Url = new Uri(settings.WebAddress, $"{subject.Repository}/commit/{subject.Commit}").AbsoluteUri,
            },
            harvest);
    }

    private bool ReadContext(JsonElement node)
    {
        switch (node.Text("__typename"))
        {
            case "CheckRun":
                if (node.Long("databaseId") is not { } id || node.Text("name") is not { } name || node.Text("status") is not { } status) return false;
                _checks.Add(new CheckSeen
                {
                    Repository = subject.Repository,
                    Commit = subject.Commit!,
                    Id = id,
                    Name = name,
                    Status = status.ToLowerInvariant(),
                    Conclusion = node.Text("conclusion")?.ToLowerInvariant(),
                    StartedAt = node.Time("startedAt"),
                    CompletedAt = node.Time("completedAt"),
                    Url = node.Text("detailsUrl"),
                    Workflow = node.Field("checkSuite").Field("workflowRun").Field("workflow").Text("name"),
                    Trigger = node.Field("checkSuite").Field("workflowRun").Text("event"),
                    Suite = node.Field("checkSuite").Long("databaseId"),
                    App = node.Field("checkSuite").Field("app").Text("slug"),
                    IsRequired = node.Flag("isRequired"),
                });
                return true;
            case "StatusContext":
                if (node.Text("context") is not { } context || node.Text("state") is not { } state || node.Time("createdAt") is not { } created) return false;
                _statuses.Add(new CommitStatusSeen
                {
                    Repository = subject.Repository,
                    Commit = subject.Commit!,
                    Context = context,
                    State = state.ToLowerInvariant(),
                    CreatedAt = created,
                    Url = node.Text("targetUrl"),
                    IsRequired = node.Flag("isRequired"),
                });
                return true;
            default:
                return false;
        }
    }
}
