namespace ClosedLoop.Adapters.GitHub.Actions;

/// <summary>The GraphQL documents of actions. Every value is a variable. Valid against GitHub's published schema.</summary>
internal static class ActionDocument
{
    public const string Look = """
        query ClosedLoopLook($owner: String!, $name: String!, $number: Int!) {
          repository(owner: $owner, name: $name) {
            pullRequest(number: $number) {
              id state headRefOid mergeCommit { oid } autoMergeRequest { enabledAt } mergeQueueEntry { position }
            }
          }
        }
        """;

    // Those that were made after it: a revert is younger than what it reverts, and mostly the newest of all.
    public const string LookForRevert = """
        query ClosedLoopLookForRevert($owner: String!, $name: String!, $number: Int!) {
          repository(owner: $owner, name: $name) {
            pullRequest(number: $number) {
              id state headRefOid mergeCommit { oid } autoMergeRequest { enabledAt } mergeQueueEntry { position }
            }
            open: pullRequests(first: 100, states: [OPEN], orderBy: { field: CREATED_AT, direction: DESC }) { nodes { ...candidate } }
            merged: pullRequests(first: 100, states: [MERGED], orderBy: { field: CREATED_AT, direction: DESC }) { nodes { ...candidate } }
          }
        }
        fragment candidate on PullRequest { number headRefName isCrossRepository body }
        """;

    public const string EnableAutoMerge = """
        mutation ClosedLoopAutoMerge($id: ID!, $head: GitObjectID!, $method: PullRequestMergeMethod!) {
          enablePullRequestAutoMerge(input: { pullRequestId: $id, expectedHeadOid: $head, mergeMethod: $method }) {
            pullRequest { autoMergeRequest { enabledAt } }
          }
        }
        """;

    public const string Enqueue = """
        mutation ClosedLoopEnqueue($id: ID!, $head: GitObjectID!) {
          enqueuePullRequest(input: { pullRequestId: $id, expectedHeadOid: $head }) { mergeQueueEntry { position } }
        }
        """;

    public const string Revert = """
        mutation ClosedLoopRevert($id: ID!, $title: String, $body: String) {
          revertPullRequest(input: { pullRequestId: $id, title: $title, body: $body }) { revertPullRequest { number } }
        }
        """;
}
