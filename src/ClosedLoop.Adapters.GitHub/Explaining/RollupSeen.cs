using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Observations;

namespace ClosedLoop.Adapters.GitHub.Explaining;

/// <summary>The checks of one commit as a file holds them, with as many of their fields as whoever asked for it wanted.</summary>
internal sealed record RollupSeen(IReadOnlyList<RollupPart> Parts, string? State, IReadOnlyList<(string Status, string? Conclusion)> Workflows, bool IsComplete)
{
    public static RollupSeen Read(List<JsonElement> nodes, string? state, IReadOnlyList<(string Status, string? Conclusion)> workflows, bool hasMore)
    {
        var parts = nodes.Select(Read).OfType<RollupPart>().ToList();
        return new RollupSeen(parts, state, workflows, !hasMore && parts.Count == nodes.Count);
    }

    public RollupSeen With(JsonElement suites)
    {
        var workflows = new List<(string, string?)>();
        foreach (var suite in suites.Items("nodes"))
            // Suites of other apps stay queued for ever when the app has nothing to say.
            if (suite.Field("workflowRun").IsObject() && suite.Text("status") is { } status)
                workflows.Add((status.ToLowerInvariant(), suite.Text("conclusion")?.ToLowerInvariant()));
        return this with { Workflows = workflows, IsComplete = IsComplete && suites.Field("pageInfo").Flag("hasNextPage") != true };
    }

    private static RollupPart? Read(JsonElement node)
    {
        string? state = node.Text("state");
        string? name = node.Text("name") ?? node.Text("context");
        if (state is not null && node.Text("__typename") is null or "StatusContext")
        {
            return (node.Text("context") ?? name) is not { } context ? null : RollupPart.Of(new CommitStatusSeen
            {
                Repository = "",
                Commit = "",
                Context = context,
                State = state.ToLowerInvariant(),
                CreatedAt = node.Time("createdAt") ?? node.Time("created_at") ?? node.Time("startedAt") ?? DateTimeOffset.MinValue,
                IsRequired = node.Flag("isRequired"),
            });
        }
        if (name is null || node.Text("status") is not { } status) return null;
        var run = node.Field("checkSuite").Field("workflowRun");
        return RollupPart.Of(new CheckSeen
        {
            Repository = "",
            Commit = "",
            Id = node.Long("databaseId") ?? node.Long("id") ?? 0,
            Name = name,
            Status = status.ToLowerInvariant(),
            Conclusion = node.Text("conclusion")?.ToLowerInvariant(),
            StartedAt = Started(node.Time("startedAt") ?? node.Time("started_at")),
            CompletedAt = node.Time("completedAt") ?? node.Time("completed_at"),
            Workflow = run.Field("workflow").Text("name") ?? node.Text("workflowName"),
            Trigger = run.Text("event"),
            Suite = node.Field("checkSuite").Long("databaseId") ?? node.Field("check_suite").Long("id"),
            App = node.Field("checkSuite").Field("app").Text("slug") ?? node.Field("app").Text("slug"),
            IsRequired = node.Flag("isRequired"),
        });
    }

    // Go writes the year 1 for a time that is not there.
    private static DateTimeOffset? Started(DateTimeOffset? at) => at is { Year: > 1 } ? at : null;
}
