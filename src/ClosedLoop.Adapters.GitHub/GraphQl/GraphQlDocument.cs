using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ClosedLoop.Adapters.GitHub.GraphQl;

/// <summary>
/// The text of the GraphQL documents that the probe sends: one alias for each repository (<c>r0</c>), pull request (<c>p12</c>), commit
/// (<c>c0</c>) and target branch (<c>b0</c>), so that a hundred subjects cost one request. Valid against GitHub's published schema.
/// </summary>
/// <remarks>
/// Everything put into the text is a number, a hexadecimal id, a repository name of a narrow alphabet, or an escaped string, so that no
/// name can change the query.
/// </remarks>
internal static class GraphQlDocument
{
    /// <summary>The newest deployments of a commit that are read with it. Their statuses are what costs: 20 would double the price of a commit.</summary>
    public const int CommitDeployments = 10;

    /// <summary>The newest deployments of a repository that a sweep reads.</summary>
    public const int RepositoryDeployments = 10;

    /// <summary>The newest changed pull requests of a repository that a sweep names in the same query; when more changed, the list is read by pages.</summary>
    public const int ChangedPullRequests = 50;

    private const string PullRequestFragment = """
        fragment pr on PullRequest {
          number title body url state isDraft createdAt updatedAt closedAt mergedAt
          headRefOid headRefName headRepository { nameWithOwner } baseRefName commits { totalCount }
          mergeCommit { oid }
          author { __typename login }
          latestOpinionatedReviews(first: 100) {
            pageInfo { hasNextPage }
            nodes { databaseId state submittedAt url author { __typename login } commit { oid } }
          }
        }

        """;

    // A connection more for each pull request: only where labels name work items.
    private const string LabelledPullRequestFragment = """
        fragment labelled on PullRequest { ...pr labels(first: 100) { nodes { name } } }

        """;

    // One more: only where there is a merge queue. The last of its events says where the pull request stands, whatever was lost.
    private const string QueueFragment = """
        fragment queue on PullRequest {
          timelineItems(last: 1, itemTypes: [ADDED_TO_MERGE_QUEUE_EVENT, REMOVED_FROM_MERGE_QUEUE_EVENT]) {
            nodes { __typename ... on AddedToMergeQueueEvent { createdAt } ... on RemovedFromMergeQueueEvent { createdAt reason } }
          }
        }

        """;

    private const string CommitFragment = """
        fragment commit on Commit {
          ...checks
          deployments(first: 10, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { ...deployment } }
        }

        """;

    private const string ChecksFragment = """
        fragment checks on Commit {
          oid
          statusCheckRollup { state contexts(first: 100) { ...contexts } }
          checkSuites(first: 100) { pageInfo { hasNextPage } nodes { status conclusion app { slug } workflowRun { databaseId event } } }
        }

        """;

    private const string ChecksForFragment = """
        fragment checks on Commit {
          oid
          statusCheckRollup { state contexts(first: 100) { ...contexts } }
          checkSuites(first: 100) { pageInfo { hasNextPage } nodes { status conclusion app { slug } workflowRun { databaseId event } } }
          associatedPullRequests(first: 1) { nodes { number } }
        }

        """;

    private const string DeploymentFragment = """
        fragment deployment on Deployment {
          databaseId environment task commitOid createdAt
          statuses(first: 20) { nodes { state createdAt logUrl environmentUrl } }
        }

        """;

    private const string HeadFragment = """
        fragment head on Ref { name target { oid ...checks } }

        """;

    private const string ContextsFragment = """
        fragment contexts on StatusCheckRollupContextConnection {
          totalCount
          pageInfo { hasNextPage endCursor }
          nodes {
            __typename
            ... on CheckRun {
              databaseId name status conclusion startedAt completedAt detailsUrl
              checkSuite { databaseId app { slug } workflowRun { event workflow { name } } }
            }
            ... on StatusContext { context state createdAt targetUrl }
          }
        }

        """;

    /// <summary>The document that reads pull requests, commits and where lines stand.</summary>
    /// <param name="subjects">What to read.</param>
    /// <param name="withLabels">Whether pull requests' labels are wanted.</param>
    /// <param name="withQueue">Whether their place in a merge queue is wanted.</param>
    /// <param name="requiredOnly">Whether the pull requests of commits are wanted, by whose rules checks are required.</param>
    /// <param name="targets">The branches that are lines besides the default branch, where lines are among the subjects.</param>
    public static string Batch(IReadOnlyList<GraphQlSubject> subjects, IReadOnlyList<string> targets, bool withLabels, bool withQueue = false, bool requiredOnly = false)
    {
        var text = new StringBuilder("query ClosedLoop {\n  rateLimit { cost remaining resetAt }\n");
        int repository = 0, commit = 0;
        bool pulls = false, lines = false;
        foreach (var group in subjects.GroupBy(static s => s.Repository, StringComparer.Ordinal))
        {
            OpenRepository(text, repository++, group.Key);
            foreach (var subject in group)
            {
                pulls |= subject.Number is not null;
                lines |= subject.IsLines;
                if (subject.IsLines) AppendLines(text, targets);
                else if (subject.Number is { } number) text.Append(CultureInfo.InvariantCulture, $"    p{number}: pullRequest(number: {number}) {{ ...{(withLabels ? "labelled" : "pr")}{(withQueue ? " ...queue" : "")} }}\n");
                else text.Append(CultureInfo.InvariantCulture, $"    c{commit++}: object(oid: \"{subject.Commit}\") {{ ...commit }}\n");
            }
            text.Append("  }\n");
        }
        text.Append("}\n");
        // A document with a fragment that it does not use is refused.
        if (pulls) text.Append(PullRequestFragment);
        if (pulls && withLabels) text.Append(LabelledPullRequestFragment);
        if (pulls && withQueue) text.Append(QueueFragment);
        if (lines) text.Append(HeadFragment);
        if (commit > 0) text.Append(CommitFragment);
        if (commit > 0 || lines) text.Append(requiredOnly ? ChecksForFragment : ChecksFragment).Append(ContextsFragment).Append(DeploymentFragment);
        return text.ToString();
    }

    /// <summary>The document that reads a page of one commit's checks.</summary>
    /// <param name="subject">The commit.</param>
    /// <param name="cursor">Where the page starts; null: at the beginning.</param>
    /// <param name="requiredFor">The pull request by whose rules checks are required; null: that is not asked.</param>
    public static string NextContexts(GraphQlSubject subject, string? cursor, long? requiredFor = null)
    {
        var text = new StringBuilder("query ClosedLoopContexts {\n");
        OpenRepository(text, 0, subject.Repository);
        string after = cursor is null ? "" : $", after: {Quote(cursor)}";
        text.Append(CultureInfo.InvariantCulture, $"    c0: object(oid: \"{subject.Commit}\") {{ ... on Commit {{ statusCheckRollup {{ state contexts(first: 100{after}) {{ ...contexts }} }} }} }}\n");
        text.Append("  }\n}\n");
        if (requiredFor is not { } number) return text.Append(ContextsFragment).ToString();
        string required = string.Create(CultureInfo.InvariantCulture, $" isRequired(pullRequestNumber: {number})");
        return text.Append(ContextsFragment.Replace(" detailsUrl", " detailsUrl" + required, StringComparison.Ordinal).Replace(" targetUrl", " targetUrl" + required, StringComparison.Ordinal)).ToString();
    }

    // The deployments are those of the repository and not of one commit: a rollback deploys a commit that nobody asks for any more.
    private static void AppendLines(StringBuilder text, IReadOnlyList<string> targets)
    {
        text.Append("    defaultBranchRef { ...head }\n");
        for (int i = 0; i < targets.Count; i++) text.Append(CultureInfo.InvariantCulture, $"    b{i}: ref(qualifiedName: {Quote("refs/heads/" + targets[i])}) {{ ...head }}\n");
        text.Append(CultureInfo.InvariantCulture, $"    deployments(first: {RepositoryDeployments}, orderBy: {{ field: CREATED_AT, direction: DESC }}) {{ nodes {{ ...deployment }} }}\n");
        text.Append(CultureInfo.InvariantCulture, $"    pullRequests(first: {ChangedPullRequests}, orderBy: {{ field: UPDATED_AT, direction: DESC }}) {{ pageInfo {{ hasNextPage }} nodes {{ number updatedAt }} }}\n");
    }

    /// <summary>A text as GraphQL writes one, which is as JSON does.</summary>
    public static string Quote(string value) => $"\"{JsonEncodedText.Encode(value)}\"";

    public static void OpenRepository(StringBuilder text, int index, string repository)
    {
        int slash = repository.IndexOf('/', StringComparison.Ordinal);
        text.Append(CultureInfo.InvariantCulture, $"  r{index}: repository(owner: \"{repository[..slash]}\", name: \"{repository[(slash + 1)..]}\") {{ nameWithOwner\n");
    }
}
