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

    /// <summary>
    /// Whether <see cref="Path"/> is a multibranch project, of which the jobs of its branches count: those that <see cref="Branch"/> names, where
    /// <c>*</c> stands for any characters (<c>main</c>, <c>release/*</c>), and pull requests as <see cref="PullRequestGate"/> says. The default
    /// is false. <see cref="Branch"/> is then required: a feature branch's commits contain those of main, and its red build would speak for them.
    /// </summary>
    public bool IsMultibranch { get; set; }

    /// <summary>
    /// Of a multibranch project: the gate that builds of pull requests (jobs <c>PR-12</c>, <c>MR-12</c>) speak of, such as <c>pr-ci</c>, which a
    /// pipeline has before <c>merged</c>. They are linked to the pull request, not to a commit: what they build has not landed. The default is null:
    /// such builds are ignored.
    /// </summary>
    public string? PullRequestGate { get; set; }
}
