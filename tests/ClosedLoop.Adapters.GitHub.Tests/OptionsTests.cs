using ClosedLoop.Facts;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.Adapters.GitHub.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void The_options_of_the_readme_are_valid() => Assert.Empty(Hook.Options().Validate());

    public static TheoryData<string, Action<GitHubOptions>> Mistakes() => new()
    {
        { "GitHub:Repositories", static o => o.Repositories.Clear() },
        { "GitHub:Repositories:1", static o => o.Repositories.Add("web") },
        { "GitHub:Repositories:1", static o => o.Repositories.Add("acme/web\") { id } #") },
        { "GitHub:Repositories:1", static o => o.Repositories.Add("acme/..") },
        { "GitHub:WebhookSecret", static o => o.WebhookSecret = null },
        { "GitHub:WebhookSecret", static o => o.WebhookSecret = "" },
        { "GitHub:WebhookSecret", static o => o.WebhookSecret = "1234567" },
        { "GitHub:WebhookSecret", static o => o.WebhookSecret = "a long secret from a file\n" },
        { "GitHub:PreviousWebhookSecret", static o => o.PreviousWebhookSecret = "" },
        { "GitHub:Token", static o => o.Token = "" },
        { "GitHub:Token", static o => o.Token = "ghp_x\r\nX-Injected: 1" },
        { "GitHub:Token", static o => o.ReceiveWebhooks = false },
        { "GitHub:BaseAddress", static o => o.BaseAddress = new Uri("http://github.acme.example/api/v3/") },
        { "GitHub:BaseAddress", static o => o.BaseAddress = new Uri("/api", UriKind.Relative) },
        { "GitHub:App", static o => (o.Token, o.App) = ("ghp_token", new GitHubAppOptions { ClientId = "Iv1", InstallationId = 7, PrivateKey = AppKey.Pem }) },
        { "GitHub:App:ClientId", static o => o.App = new GitHubAppOptions { InstallationId = 7, PrivateKey = AppKey.Pem } },
        { "GitHub:App:ClientId", static o => o.App = new GitHubAppOptions { ClientId = "Iv1\r\nX: 1", InstallationId = 7, PrivateKey = AppKey.Pem } },
        { "GitHub:App:InstallationId", static o => o.App = new GitHubAppOptions { ClientId = "Iv1", PrivateKey = AppKey.Pem } },
        { "GitHub:App:PrivateKey", static o => o.App = new GitHubAppOptions { ClientId = "Iv1", InstallationId = 7 } },
        { "GitHub:App:PrivateKey", static o => o.App = new GitHubAppOptions { ClientId = "Iv1", InstallationId = 7, PrivateKey = "/etc/github.pem" } },
        { "GitHub:App:PrivateKey", static o => o.App = new GitHubAppOptions { ClientId = "Iv1", InstallationId = 7, PrivateKey = AppKey.PublicPem } },
        { "GitHub:App:PrivateKey", static o => o.App = new GitHubAppOptions { ClientId = "Iv1", InstallationId = 7, PrivateKey = AppKey.Pem[..^200] } },
        { "GitHub:RedeliverHooks", static o => o.RedeliverHooks.Add("repos/acme/web/hooks/1") },
        { "GitHub:RedeliverHooks:0", static o => Hooks(o, "repos/acme/web/hooks/0") },
        { "GitHub:RedeliverHooks:0", static o => Hooks(o, "repos/acme/../hooks/1") },
        { "GitHub:RedeliverHooks:0", static o => Hooks(o, "https://evil.example/hooks/1") },
        { "GitHub:RedeliverHooks:0", static o => Hooks(o, "orgs/acme/hooks/1/../../x") },
        { "GitHub:RedeliverHooks:0", static o => Hooks(o, "app/hook") },
        { "GitHub:AllowActions", static o => o.AllowActions = true },
        { "GitHub:RequiredChecksOnly", static o => o.RequiredChecksOnly = true },
        { "GitHub:ItemTrailer", static o => o.ItemTrailer = "Work Item:" },
        { "GitHub:BranchPattern", static o => o.BranchPattern = "(?<id>" },
        { "GitHub:BranchPattern", static o => o.BranchPattern = "[A-Z]+-[0-9]+" },
        { "GitHub:BranchPattern", static o => o.BranchPattern = @"(?<id>(a)\1)" },
        { "GitHub:ItemLabelPattern", static o => o.ItemLabelPattern = "^(?<name>.*)$" },
        { "GitHub:TargetBranches:0", static o => o.TargetBranches.Add(" ") },
        { "GitHub:PollInterval", static o => o.PollInterval = TimeSpan.Zero },
        { "GitHub:RequestTimeout", static o => o.RequestTimeout = TimeSpan.FromHours(1) },
        { "GitHub:MinRemainingRequests", static o => o.MinRemainingRequests = -1 },
        { "GitHub:MaxSweepPages", static o => o.MaxSweepPages = 0 },
    };

    private static void Hooks(GitHubOptions options, string path)
    {
        options.Token = "ghp_token";
        options.RedeliverHooks.Add(path);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_by_its_path_and_stops_the_start(string path, Action<GitHubOptions> change)
    {
        var options = Hook.Options(change);
        string problem = Assert.Single(options.Validate());
        Assert.StartsWith(path + " ", problem);
        var thrown = Assert.Throws<InvalidOperationException>(() => GitHubAdapter.Create(options, null, new ManualTimeProvider()));
        Assert.Contains(path, thrown.Message);
    }

    [Fact]
    public void No_message_shows_a_secret()
    {
        var options = Hook.Options(static o =>
        {
            o.WebhookSecret = "hunter2";
            o.PreviousWebhookSecret = "hunter3";
            o.Token = "hunter4 ";
        });
        Assert.Equal(3, options.Validate().Count);
        Assert.DoesNotContain(options.Validate(), static p => p.Contains("hunter", StringComparison.Ordinal));
    }

    [Fact]
    public void The_defaults_are_those_of_the_documentation()
    {
        var options = new GitHubOptions();
        Assert.Equal(new Uri("https://api.github.com/"), options.BaseAddress);
        Assert.Equal(TimeSpan.FromSeconds(60), options.PollInterval);
        Assert.Equal(TimeSpan.FromSeconds(15), options.RequestTimeout);
        Assert.Equal(100, options.MinRemainingRequests);
        Assert.Equal(10, options.MaxSweepPages);
        Assert.Equal("Work-Item", options.ItemTrailer);
        Assert.Equal(["push"], options.WorkflowEvents);
        Assert.True(options.ReceiveWebhooks);
        Assert.False(options.AllowAnyRepository || options.CountBotReviews);
        Assert.Null(options.Token);
    }

    [Theory]
    [InlineData("https://api.github.com", "https://api.github.com/graphql", "https://github.com/")]
    [InlineData("https://github.acme.example/api/v3", "https://github.acme.example/api/graphql", "https://github.acme.example/")]
    [InlineData("https://github.acme.example/api/v3/", "https://github.acme.example/api/graphql", "https://github.acme.example/")]
    [InlineData("http://127.0.0.1:8080/", "http://127.0.0.1:8080/graphql", "http://127.0.0.1:8080/")]
    public void GraphQl_is_found_from_the_base_address(string address, string graphQl, string web)
    {
        var settings = new GitHubSettings(Hook.Options(o => o.BaseAddress = new Uri(address)));
        Assert.Equal(new Uri(graphQl), settings.GraphQlAddress);
        Assert.Equal(new Uri(web), settings.WebAddress);
    }

    [Fact]
    public void Without_a_token_there_is_no_probe_and_without_webhooks_no_translator()
    {
        var hooks = GitHubAdapter.Create(Hook.Options(), null, new ManualTimeProvider());
        Assert.Null(hooks.Probe);
        Assert.Empty(hooks.ProbeSchemes);
        Assert.NotNull(hooks.Authenticator);
        Assert.NotNull(hooks.Translator);

        var probe = GitHubAdapter.Create(Hook.Options(static o => (o.ReceiveWebhooks, o.WebhookSecret, o.Token) = (false, null, "ghp_token")), null, new ManualTimeProvider());
        Assert.NotNull(probe.Probe);
        Assert.Equal([KeySchemes.PullRequest, KeySchemes.Commit], probe.ProbeSchemes.ToArray());
        Assert.Null(probe.Authenticator);
        Assert.Null(probe.Translator);
        Assert.Equal("github", probe.Name);
        Assert.Equal(["ci:github", "deployer:github", "scm:github"], probe.Writers.Select(static w => w.ToString()).Order(StringComparer.Ordinal));
    }
}
