using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.Gitea.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void All_mistakes_are_told_at_once_with_path_and_fix_and_without_secrets()
    {
        var options = new GiteaOptions
        {
            Name = "Gitea!",
            WebhookSecret = "canary-short",
            Token = "canary token",
            BaseAddress = new Uri("http://git.example/"),
            PollInterval = TimeSpan.Zero,
            RequestTimeout = TimeSpan.Zero,
            CallsPerHour = 1,
            MaxSweepPages = 101,
            ItemTrailer = "",
            BranchPattern = "(?<id>a)(?=b)",
        };
        options.Repositories.Add("acme/group/web");
        options.CompleteChecks.Add(" ");
        var problems = options.Validate();
        foreach (string option in new[] { "Name", "Repositories:0", "WebhookSecret", "Token", "BaseAddress", "PollInterval", "RequestTimeout", "CallsPerHour", "MaxSweepPages", "ItemTrailer", "BranchPattern", "CompleteChecks:0" })
            Assert.Single(problems, p => p.StartsWith($"Gitea:{option} ", StringComparison.Ordinal));
        var error = Assert.Throws<OptionsValidationException>(() => GiteaAdapter.Create(options, new HttpClient(), TimeProvider.System));
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void An_empty_secret_is_an_error_at_start(string? secret) => Assert.Contains(Given.Options(o => o.WebhookSecret = secret).Validate(), static p => p.StartsWith("Gitea:WebhookSecret is not set", StringComparison.Ordinal));

    [Fact]
    public void A_Gitea_and_a_Forgejo_have_names_and_writers_of_their_own()
    {
        var services = new ServiceCollection();
        services.AddClosedLoop(static loop => loop.AddGitea(static o => Copy(o, "gitea")).AddGitea(static o => Copy(o, "forgejo")));
        using var provider = services.BuildServiceProvider();
        var adapters = provider.GetServices<AdapterRegistration>().OrderBy(static a => a.Name, StringComparer.Ordinal).ToList();
        Assert.Equal(["forgejo", "gitea"], adapters.Select(static a => a.Name));
        Assert.Equal(["scm:forgejo", "ci:forgejo"], adapters[0].Writers.Select(static w => w.ToString()));

        static void Copy(GiteaOptions options, string name)
        {
            (options.Name, options.WebhookSecret, options.BaseAddress) = (name, FakeGitea.Secret, new Uri("https://git.example/"));
            options.Repositories.Add("acme/web");
        }
    }
}
