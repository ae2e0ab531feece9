using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.GitLab.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void All_mistakes_are_told_at_once_with_path_and_fix_and_without_secrets()
    {
        var options = new GitLabOptions
        {
            Name = "Git Lab",
            WebhookToken = "canary-short",
            SigningToken = "whsec_canary!",
            Token = "canary token",
            BaseAddress = new Uri("http://gitlab.example/api/v4"),
            PollInterval = TimeSpan.Zero,
            RequestTimeout = TimeSpan.FromHours(1),
            CallsPerHour = 1,
            MinRemainingRequests = -1,
            MaxSweepPages = 0,
            ItemTrailer = "Work Item",
            BranchPattern = "[",
            ItemLabelPattern = "x",
        };
        options.Projects.Add("web");
        options.Projects.Add("acme/../web");
        options.TargetBranches.Add("");
        options.PipelineSources.Add("merge_request_event");
        var problems = options.Validate();
        foreach (string option in new[] { "Name", "Projects:0", "Projects:1", "WebhookToken", "SigningToken", "Token", "BaseAddress", "PollInterval", "RequestTimeout", "CallsPerHour", "MinRemainingRequests", "MaxSweepPages", "ItemTrailer", "BranchPattern", "ItemLabelPattern", "TargetBranches:0", "PipelineSources:1" })
            Assert.Single(problems, p => p.StartsWith($"GitLab:{option} ", StringComparison.Ordinal));
        Assert.All(problems, static p => Assert.DoesNotContain("canary", p, StringComparison.Ordinal));
        var error = Assert.Throws<OptionsValidationException>(() => GitLabAdapter.Create(options, new HttpClient(), TimeProvider.System));
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_trains_are_followed_only_with_a_token()
    {
        Assert.False(new GitLabOptions().FollowMergeTrains);
        Assert.StartsWith("GitLab:FollowMergeTrains is set and Token is not", Assert.Single(Given.Options(static o => o.FollowMergeTrains = true).Validate()), StringComparison.Ordinal);
        Assert.Empty(Given.Options(static o => (o.FollowMergeTrains, o.Token) = (true, FakeGitLab.Token)).Validate());
    }

    [Fact]
    public void Without_any_secret_or_project_nothing_starts()
    {
        var problems = new GitLabOptions().Validate();
        Assert.Contains(problems, static p => p.StartsWith("GitLab:WebhookToken is not set", StringComparison.Ordinal));
        Assert.Contains(problems, static p => p.StartsWith("GitLab:Projects is empty", StringComparison.Ordinal));
        Assert.Contains(new GitLabOptions { WebhookToken = "" }.Validate(), static p => p.StartsWith("GitLab:WebhookToken has fewer", StringComparison.Ordinal));
        Assert.Contains(new GitLabOptions { ReceiveWebhooks = false, AllowAnyProject = true }.Validate(), static p => p.StartsWith("GitLab:Token is not set", StringComparison.Ordinal));
    }

    [Fact]
    public void The_registration_says_what_it_reads_and_writes_and_answers_what_is_malformed_with_success()
    {
        var adapter = GitLabAdapter.Create(Given.Options(static o => o.Token = FakeGitLab.Token), new HttpClient(), TimeProvider.System);
        Assert.Equal("gitlab", adapter.Name);
        Assert.Equal(["scm:gitlab", "ci:gitlab", "deployer:gitlab"], adapter.Writers.Select(static w => w.ToString()));
        Assert.Equal(202, adapter.MalformedStatusCode);
        Assert.True(adapter.ReadsLines);
        Assert.Null(GitLabAdapter.Create(Given.Options(), new HttpClient(), TimeProvider.System).Probe);
    }

    [Fact]
    public void Two_of_them_have_names_and_writers_of_their_own()
    {
        var services = new ServiceCollection();
        services.AddClosedLoop(static loop => loop
            .AddGitLab(static o => Copy(o, "gitlab"))
            .AddGitLab(static o => Copy(o, "gitlab-internal")));
        using var provider = services.BuildServiceProvider();
        Assert.Equal(["gitlab", "gitlab-internal"], provider.GetServices<AdapterRegistration>().Select(static a => a.Name).Order(StringComparer.Ordinal));

        static void Copy(GitLabOptions options, string name)
        {
            options.Name = name;
            options.WebhookToken = FakeGitLab.WebhookToken;
            options.Projects.Add("acme/web");
        }
    }
}
