namespace ClosedLoop.Adapters.Jenkins;

/// <summary>A Jenkins job that is the post-merge CI of a repository. Builds of jobs that are not listed are ignored.</summary>
public sealed class JenkinsJob
{
    /// <summary>
    /// The job's full name: folders and job joined by <c>/</c>, such as <c>web-main</c> or <c>acme/web/main</c>. A branch of a multibranch
    /// project is a job of its own; a slash in the branch's name is <c>%2F</c>, as Jenkins shows it: <c>acme/web/release%2F1.0</c>. Required.
    /// </summary>
    public string Path { get; set; } = "";

    /// <summary>The repository that it builds, <c>owner/name</c>. Commits of other repositories (shared libraries) are not linked. Required.</summary>
    public string Repository { get; set; } = "";

    /// <summary>
    /// The branch that counts, such as <c>main</c>: builds that say they are of another one are ignored. The default is null: every build
    /// of the job counts, which is right for a job that builds one branch only.
    /// </summary>
    public string? Branch { get; set; }

    /// <summary>
    /// Whether this job is one part of the repository's CI, so that it can fail the gate but never pass it alone. The default is null:
    /// true when another listed job builds the same repository and branch, since that one may not have started yet. A pipeline that names
    /// all the parts (<c>g.Require("web-build", "web-e2e")</c>) passes when each of them does.
    /// </summary>
    public bool? IsPartial { get; set; }
}
