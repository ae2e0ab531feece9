using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Lines.Git;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Core.Tests.Lines.Git;

/// <summary>A clone that cannot be read as configured is an error at start that names the option and the fix.</summary>
public sealed class GitCloneOptionsTests : IDisposable
{
    private readonly WorkClone _clone = new();

    public void Dispose() => _clone.Dispose();

    [Fact]
    public void The_defaults_are_what_the_documentation_says()
    {
        var options = new GitCloneOptions();

        Assert.Equal(
            ("git", Writer.Parse("scm:git"), false, "origin", 200, 1000, true, true, null, "git"),
            (options.Name, options.Writer, options.Fetch, options.Remote, options.MaxCandidates, options.Window, options.EmitLandings, options.CompareContent, options.CommitUrl, options.GitExecutable));
        Assert.Equal((TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90)), (options.PollInterval, options.Timeout));
        Assert.Equal(5000, new GitLineHistoryOptions().PageSize);
    }

    [Fact]
    public void Each_mistake_is_named_with_its_path_and_the_fix()
    {
        Refused("GitClone:Name is 'Git'", static o => o.Name = "Git");
        Refused("GitClone:git:Path is not set", static o => o.Path = "");
        Refused("where there is no folder; clone the repository there", static o => o.Path = "/no/such/folder");
        Refused("GitClone:git:Repository is 'web', not owner/name", static o => o.Repository = "web");
        Refused("GitClone:git:Repository is 'acme/web#1'", static o => o.Repository = "acme/web#1");
        Refused("GitClone:git:Branches is empty", static o => o.Branches.Clear());
        Refused("GitClone:git:Branches:1 is '--all'", static o => o.Branches.Add("--all"));
        Refused("GitClone:git:Branches:1 is 'refs/heads/main'", static o => o.Branches.Add("refs/heads/main"));
        Refused("GitClone:git:CandidateRefs:0 is '--sort=x'", static o => o.CandidateRefs.Add("--sort=x"));
        Refused("GitClone:git:CandidateRefs:0 is 'pull/*/head'", static o => o.CandidateRefs.Add("pull/*/head"));
        Refused("GitClone:git:Writer is ':'", static o => o.Writer = default);
        Refused("GitClone:git:Writer is 'host:migration'", static o => o.Writer = Writer.Migration);
        Refused("GitClone:git:Remote is '--upload-pack=x'", static o => o.Remote = "--upload-pack=x");
        Refused("GitClone:git:CommitUrl is 'https://git.example/'", static o => o.CommitUrl = "https://git.example/");
        Refused("GitClone:git:CommitUrl is 'javascript:{sha}'", static o => o.CommitUrl = "javascript:{sha}");
        Refused("GitClone:git:GitExecutable is empty", static o => o.GitExecutable = " ");
        Refused("GitClone:git:MaxCandidates is 0; use 1 to 10000", static o => o.MaxCandidates = 0);
        Refused("GitClone:git:Window is 5; use 10 to 10000", static o => o.Window = 5);
        Refused("GitClone:git:PollInterval is 00:00:00", static o => o.PollInterval = TimeSpan.Zero);
        Refused("GitClone:git:Timeout is 00:00:00", static o => o.Timeout = TimeSpan.Zero);
    }

    [Fact]
    public void A_host_that_adds_a_clone_has_an_adapter_of_its_name()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddClosedLoop(loop => loop.AddGitClone(o => Fill(o).Name = "web-clone"));
        using var provider = services.BuildServiceProvider();

        var adapter = provider.GetRequiredService<AdapterCatalog>().Find("web-clone")!;

        Assert.True(adapter.ReadsLines);
        Assert.Empty(adapter.ProbeSchemes);
        Assert.Null(adapter.Authenticator);
    }

    [Fact]
    public void A_mistake_stops_the_host_at_start()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddClosedLoop(static loop => loop.AddGitClone(static o => o.Repository = "acme/web"));
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<AdapterCatalog>);

        Assert.Contains("GitClone:git:Path is not set", error.Message, StringComparison.Ordinal);
        Assert.Contains("GitClone:git:Branches is empty", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("main", "main", true)]
    [InlineData("main", "main2", false)]
    [InlineData("release/*", "release/1.0", true)]
    [InlineData("release/*", "release/1.0/hotfix", true)]
    [InlineData("release/*/hotfix", "release/1.0/hotfix", true)]
    [InlineData("v1.0", "v1x0", false)]
    [InlineData("*-stable", "7-0-stable", true)]
    [InlineData("*", "line\n", true)]
    [InlineData("line", "line\n", false)]
    public void A_pattern_matches_whole_names(string pattern, string branch, bool matches) => Assert.Equal(matches, new BranchPattern(pattern).Matches(branch));

    private GitCloneOptions Fill(GitCloneOptions options)
    {
        options.Path = _clone.Path;
        options.Repository = "acme/web";
        options.Branches.Add("main");
        return options;
    }

    private void Refused(string message, Action<GitCloneOptions> change)
    {
        var options = Fill(new GitCloneOptions());
        Assert.Empty(options.Validate());
        change(options);
        Assert.Contains(message, Assert.Single(options.Validate()), StringComparison.Ordinal);
    }
}
