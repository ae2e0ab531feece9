using ClosedLoop.Insights.Dora;
using ClosedLoop.Insights.Records;

namespace ClosedLoop.Insights.Tests.Support;

/// <summary>
/// The facts of Apache DevLake's end-to-end tables for DORA (backend/plugins/dora/e2e at 420e494b, May 2026): what goes in, in our records. The answers are in the tests.
/// </summary>
internal static class DevLakeTables
{
    /// <summary>change_lead_time: the deployments of the project (scope cicd1), in pairs of repositories, and two of staging.</summary>
    public static IReadOnlyList<DeploymentRecord> LeadTimeDeployments { get; } =
    [
        Row("1", "pipeline1", "cicd1", "REPO111", "commit1", "2023-04-10T06:51:47Z"),
        Row("2", "pipeline1", "cicd1", "REPO222", "commit2", "2023-04-10T06:53:51Z"),
        Row("3", "pipeline2", "cicd2", "REPO111", "commit3", "2023-04-13T07:21:16Z"),
        Row("4", "pipeline2", "cicd2", "REPO333", "commit4", "2023-04-13T07:22:14Z"),
        Row("5", "pipeline4", "cicd1", "REPO111", "commit5", "2023-04-13T07:28:14Z"),
        Row("6", "pipeline4", "cicd1", "REPO222", "commit6", "2023-04-13T07:29:34Z"),
        Row("7", "pipeline5", "cicd1", "REPO111", "commit7", "2023-04-13T07:31:53Z") with { Environment = "STAGING" },
        Row("8", "pipeline5", "cicd1", "REPO111", "commit8", "2023-04-13T07:36:30Z") with { Environment = "STAGING" },
        Row("9", "pipeline6", "cicd1", "REPO111", "commit9", "2023-04-13T07:51:26Z"),
        Row("10", "pipeline6", "cicd1", "REPO222", "commit10", "2023-04-13T07:53:31Z"),
        Row("11", "pipeline7", "cicd2", "REPO111", "commit11", "2023-04-13T07:54:39Z") with { Succeeded = false },
        Row("12", "pipeline7", "cicd2", "REPO333", "commit12", "2023-04-13T07:55:01Z"),
        Row("13", "pipeline7", "cicd2", "REPO111", "commit13", "2023-04-13T07:56:39Z"),
        Row("14", "pipeline8", "cicd3", "REPO111", "commit14", "2023-04-13T07:57:26Z") with { Succeeded = false },
        Row("15", "pipeline9", "cicd3", "REPO111", "commit15", "2023-04-13T07:57:45Z"),
        Row("16", "pipeline10", "cicd3", "REPO333", "commit16", "2023-04-13T07:58:24Z") with { Environment = "" },
    ];

    /// <summary>The same tables' commits_diffs as a graph: what lies between two deployments.</summary>
    public static CommitGraph LeadTimeCommits { get; } = new(
    [
        new("commit1", null, "pr_merge_commit0"), new("pr_merge_commit0", null), new("pr_merge_commit1", null, "commit1"), new("pr_merge_commit2", null, "pr_merge_commit1"), new("commit5", null, "pr_merge_commit2"),
        new("commit2", null), new("pr_merge_commit3", null, "commit2"), new("commit6", null, "pr_merge_commit3"),
        new("commit7", null), new("pr_merge_commit4", null, "commit7"), new("commit8", null, "pr_merge_commit4"),
        new("pr_merge_commit5", null), new("commit11", null, "pr_merge_commit5"),
    ]);

    public static IReadOnlyList<ChangeRecord> PullRequests { get; } =
    [
        Change("pr0", "a", "2022-01-11T04:51:47Z", "2022-02-10T04:51:47Z", "2022-01-10T04:51:47Z", ("2022-01-11T08:51:47Z", "a")),
        Change("pr1", "a", "2023-04-11T04:51:47Z", "2023-04-11T05:51:47Z", "2023-04-10T04:51:47Z", ("2023-04-11T04:53:47Z", "a"), ("2023-04-11T04:56:47Z", "b"), ("2023-04-11T04:59:47Z", "c")),
        Change("pr2", "a", "2023-04-12T04:51:47Z", "2023-04-12T05:51:47Z", "2023-04-13T04:51:47Z", ("2023-04-12T04:51:49Z", "d"), ("2023-04-12T05:51:47Z", "e"), ("2023-04-12T08:51:47Z", "f")),
        Change("pr3", "a", "2023-04-11T06:53:51Z", "2023-04-14T06:53:51Z", "2023-04-07T04:51:47Z", ("2023-04-10T06:53:51Z", "g"), ("2023-04-12T06:53:51Z", "h")),
        Change("pr4", null, "2023-04-13T07:55:01Z", "2023-04-13T08:55:01Z", "2023-04-05T04:51:47Z", ("2023-04-14T08:55:01Z", "j"), ("2023-04-14T08:55:01Z", "k")),
        Change("pr5", null, "2023-04-13T07:55:01Z", "2023-04-13T08:55:01Z", "2023-04-04T04:51:47Z", ("2022-09-07T23:07:13Z", "l")),
        Change("pr6", null, "2023-04-13T07:55:01Z", null, null),
    ];

    /// <summary>prev_success_deployment_commit: when each of the sixteen finished; started within three minutes of each other where the order could be in doubt.</summary>
    public static IReadOnlyList<DeploymentRecord> PredecessorDeployments { get; } =
    [
        .. LeadTimeDeployments.Zip(
            ["2022-09-11", "2022-09-12", "2022-09-14", "2022-09-15", "2022-09-16", "2022-09-17", "2022-09-18", "2022-09-19", "2022-09-20", "2022-09-21", "2022-09-22", "2022-09-23", "2022-09-24", "2022-09-20", "2022-09-14", "2022-09-15"],
            static (row, day) => row with { FinishedAt = Utc.At(day + "T06:51:47Z"), StartedAt = Utc.At("2022-09-10T00:00:00Z").AddMinutes(int.Parse(row.Id, System.Globalization.CultureInfo.InvariantCulture)) }),
    ];

    private static DeploymentRecord Row(string id, string deployment, string scope, string repository, string commit, string started) => new()
    {
        Id = id, Deployment = deployment, Scope = scope, Repository = repository, Commit = commit, StartedAt = Utc.At(started), FinishedAt = Utc.At(started).AddMinutes(1),
    };

    private static ChangeRecord Change(string id, string? author, string created, string? merged, string? first, params (string At, string Author)[] comments) => new()
    {
        Id = id, Author = author, CreatedAt = Utc.At(created), MergedAt = merged is null ? null : Utc.At(merged), MergeCommit = "pr_merge_commit" + id[2..],
        FirstCommitAt = first is null ? null : Utc.At(first), Comments = [.. comments.Select(static c => new ReviewComment(Utc.At(c.At), c.Author))],
    };
}
