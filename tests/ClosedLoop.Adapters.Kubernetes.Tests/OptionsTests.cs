using ClosedLoop.Adapters.Kubernetes.Actions;
using ClosedLoop.Adapters.Kubernetes.Tests.Support;
using ClosedLoop.Facts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.Kubernetes.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void The_registration_says_what_the_adapter_feeds_and_reads()
    {
        using var http = new HttpClient();
        var adapter = KubernetesAdapter.Create(Given.Options(change: static o => (o.Name, o.PollInterval) = ("kubernetes-eu", TimeSpan.FromSeconds(7))), http, TimeProvider.System);
        Assert.Equal("kubernetes-eu", adapter.Name);
        Assert.Equal(["deployer:kubernetes", "health:kubernetes"], adapter.Writers.Select(static w => w.ToString()));
        Assert.Equal([Gates.RolledOut, Gates.Healthy], adapter.Gates.AsEnumerable());
        Assert.Equal(KeySchemes.Environment, Assert.Single(adapter.ProbeSchemes));
        Assert.Equal((TimeSpan.FromSeconds(7), 18_000), (adapter.PollInterval, adapter.CallsPerHour));
        Assert.Null(adapter.Translator);
    }

    [Fact]
    public void Every_problem_is_named_at_once_with_its_option_and_its_fix()
    {
        using var folder = new TempFolder();
        var e = Assert.Throws<OptionsValidationException>(() => KubernetesAdapter.CreateHandler(new KubernetesOptions { ServiceAccountDirectory = folder.Path, PollInterval = default }));
        Assert.Contains("Kubernetes:Server is not set, and this process has no service account of a cluster; set ", e.Message, StringComparison.Ordinal);
        Assert.Contains("Kubernetes:Namespaces lists 0 namespaces; list 1 to 200", e.Message, StringComparison.Ordinal);
        Assert.Contains("Kubernetes:PollInterval is 00:00:00; use 1 second to 1 day", e.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Action<KubernetesOptions>> Mistakes => new()
    {
        { "Kubernetes:Name", static o => o.Name = "EU" },
        { "Kubernetes:Server", static o => o.Server = new Uri("http://cluster.acme.example") },
        { "Kubernetes:Server", static o => o.Server = new Uri("ftp://cluster.acme.example") },
        { "Kubernetes:Server", static o => o.Server = new Uri("https://ann:hunter2hunter2@cluster.acme.example") },
        { "Kubernetes:KubeconfigFile", static o => o.KubeconfigFile = "config" },
        { "Kubernetes:KubeconfigContext", static o => o.KubeconfigContext = "work" },
        { "Kubernetes:Token", static o => o.Token = "" },
        { "Kubernetes:Token", static o => o.Token = "hunter2hunter2\n" },
        { "Kubernetes:TokenFile", static o => o.TokenFile = "not-there" },
        { "Kubernetes:ClientKeyFile", static o => o.ClientCertificateFile = typeof(OptionsTests).Assembly.Location },
        { "Kubernetes:CertificateAuthorityFile", static o => o.CertificateAuthorityFile = "not-there" },
        { "Kubernetes:Namespaces:0:Name", static o => o.Namespaces[0].Name = "Production" },
        { "Kubernetes:Namespaces:0:Name", static o => o.Namespaces[0].Name = "../kube-system" },
        { "Kubernetes:Namespaces:1:Name", static o => o.Namespaces.Add(new KubernetesNamespace { Name = Given.Namespace }) },
        { "Kubernetes:Namespaces:0:Environment", static o => o.Namespaces[0].Environment = "a/b" },
        { "Kubernetes:Namespaces:0:LabelSelector", static o => o.Namespaces[0].LabelSelector = " " },
        { "Kubernetes:TargetPrefix", static o => o.TargetPrefix = "eu/" },
        { "Kubernetes:PollInterval", static o => o.PollInterval = TimeSpan.FromDays(2) },
        { "Kubernetes:CallsPerHour", static o => o.CallsPerHour = 9 },
        { "Kubernetes:RequestTimeout", static o => o.RequestTimeout = Timeout.InfiniteTimeSpan },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_refused_by_name_and_no_secret_is_repeated(string option, Action<KubernetesOptions> mistake)
    {
        var e = Assert.Throws<OptionsValidationException>(() => KubernetesAdapter.CreateHandler(Given.Options(new Uri("https://cluster.acme.example"), mistake)));
        string failure = Assert.Single(e.Failures);
        Assert.StartsWith(option + " ", failure, StringComparison.Ordinal);
        Assert.Contains("; ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Environments_and_prefixes_name_the_targets()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Show(Given.Running('a'));
        var result = await Given.Probe(cluster, static o =>
        {
            o.Namespaces[0].Environment = "live";
            o.TargetPrefix = "eu-";
        }).ProbeAsync(Given.Sweep, default);
        Assert.Equal((Key.Environment("live/eu-web"), "live"), (result.Rollout("eu-web").Subject, result.Rollout("eu-web").Environment));
    }

    [Fact]
    public void The_rollback_is_a_service_only_when_it_is_allowed()
    {
        foreach (bool allowed in (bool[])[true, false])
        {
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddSingleton(TimeProvider.System);
            services.AddClosedLoop(loop => loop.UseInMemory().AddKubernetes(o =>
            {
                o.Server = new Uri("https://cluster.acme.example");
                o.Namespaces.Add(new KubernetesNamespace { Name = Given.Namespace });
                o.AllowRollback = allowed;
            }));
            using var provider = services.BuildServiceProvider();
            Assert.Equal(allowed, provider.GetService<KubernetesRollback>() is not null);
            Assert.Equal(allowed, provider.GetKeyedService<KubernetesRollback>("kubernetes") is not null);
        }
    }
}
