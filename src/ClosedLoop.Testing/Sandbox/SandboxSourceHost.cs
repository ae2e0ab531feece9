namespace ClosedLoop.Testing.Sandbox;

/// <summary>What speaks for the repositories and their pull requests. What happens in the world is the same with each.</summary>
public enum SandboxSourceHost
{
    /// <summary>GitHub: REST, GraphQL and signed webhooks.</summary>
    GitHub,

    /// <summary>
    /// GitLab, self-managed and free: merge requests, approvals, and webhooks with token and signature. Every other project merges by fast-forward and
    /// squashes, so that its webhooks do not say where a merge request landed.
    /// </summary>
    GitLab,

    /// <summary>Gitea: pull requests, reviews, and webhooks with its own headers and copies of GitHub's.</summary>
    Gitea,
}
