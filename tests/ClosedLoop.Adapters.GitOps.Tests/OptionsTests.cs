using ClosedLoop.Facts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.GitOps.Tests;

public sealed class OptionsTests
{
    public static TheoryData<string, Action<ArgoCDOptions>> Mistakes => new()
    {
        { "Name", static o => o.Name = "Argo CD" },
        { "Address", static o => o.WebhookSecret = null },
        { "Address", static o => o.Token = "hunter2" },
        { "Address", static o => (o.Address, o.Token) = (new Uri("ftp://x.example"), "hunter2") },
        { "Address", static o => (o.Address, o.Token) = (new Uri("https://a:hunter2@x.example"), "hunter2") },
        { "Address", static o => (o.Address, o.Token) = (new Uri("https://x.example/?a=b"), "hunter2") },
        { "Token", static o => o.Address = new Uri("https://x.example") },
        { "Token", static o => (o.Address, o.Token, o.TokenFile) = (new Uri("https://x.example"), "hunter2", "/run/token") },
        { "Token", static o => (o.Address, o.Token) = (new Uri("https://x.example"), "hunter2\n") },
        { "CertificateAuthorityFile", static o => (o.Address, o.Token, o.CertificateAuthorityFile) = (new Uri("https://x.example"), "hunter2", "/no/such/file") },
        { "WebhookSecret", static o => o.WebhookSecret = "" },
        { "WebhookSecret", static o => o.WebhookSecret = "hunter2" },
        { "Environment", static o => o.Environment = null },
        { "Namespaces:0", static o => o.Namespaces.Add("../secrets") },
        { "Targets:0:Name", static o => o.Targets.Add(new GitOpsTarget()) },
        { "Targets:0:Repository", static o => o.Targets.Add(new GitOpsTarget { Name = "web", Repository = "web" }) },
        { "Targets:0:Environment", static o => o.Targets.Add(new GitOpsTarget { Name = "web", Environment = "" }) },
        { "PollInterval", static o => o.PollInterval = TimeSpan.Zero },
        { "CallsPerHour", static o => o.CallsPerHour = 1 },
        { "RequestTimeout", static o => o.RequestTimeout = TimeSpan.Zero },
        { "Source", static o => o.Source = (ArgoCDSource)9 },
        { "SettleTime", static o => o.SettleTime = TimeSpan.FromDays(1) },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_refused_by_name_and_no_secret_is_repeated(string option, Action<ArgoCDOptions> mistake)
    {
        string failure = Assert.Single(Assert.Throws<OptionsValidationException>(() => Given.ArgoCD(mistake)).Failures);
        Assert.StartsWith($"ArgoCD:{option} ", failure, StringComparison.Ordinal);
        Assert.Contains("; ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_systems_and_several_clusters_have_their_own_names_and_writers()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddClosedLoop(loop => loop
            .AddArgoCD(static o => (o.WebhookSecret, o.Environment) = (Given.Secret, "production"))
            .AddArgoCD(static o => (o.Name, o.Address, o.Token, o.Environment) = ("argocd-us", new Uri("https://argocd.acme.example"), Given.Token, "production"))
            .AddFlux(static o => (o.WebhookSecret, o.Environment) = (Given.Secret, "staging"))
            .AddArgoRollouts(static o => (o.WebhookSecret, o.Environment) = (Given.Secret, "production")));
        using var provider = services.BuildServiceProvider();
        var adapters = provider.GetServices<Func<IServiceProvider, AdapterRegistration>>().Select(f => f(provider)).ToList();
        if (adapters.Count == 0) adapters = [.. provider.GetServices<AdapterRegistration>()];
        Assert.Equal(["argocd", "argocd-us", "flux", "argo-rollouts"], adapters.Select(static a => a.Name));
        Assert.Equal([new Writer("deployer", "argocd-us"), new Writer("health", "argocd-us")], adapters[1].Writers.AsEnumerable());
        Assert.Null(adapters[1].Translator);
        Assert.NotNull(adapters[1].Probe);
        Assert.Null(adapters[0].Probe);
    }

    [Fact]
    public void Options_are_copied_when_the_adapter_is_made()
    {
        var options = Given.Options<ArgoCDOptions>(Given.Tracked);
        var adapter = ArgoCDAdapter.Create(options, new HttpClient(), TimeProvider.System);
        options.Targets[0].Name = "other";
        Assert.NotEmpty(adapter.Translate(Given.App(10, "Healthy", 11, "a")).Facts);
    }
}
