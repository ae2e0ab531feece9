using ClosedLoop.Adapters.CDEvents;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.GitOps;
using ClosedLoop.Adapters.Health;
using ClosedLoop.Adapters.Kubernetes;
using ClosedLoop.Adapters.Oci;
using ClosedLoop.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Samples.Tests.Docs;

/// <summary>The code of the adapters' READMEs, so that it compiles; <see cref="DocumentationTests"/> compares the texts.</summary>
internal static class AdapterSnippets
{
    public static void CDEvents(ClosedLoopBuilder loop, string secret)
    {
        loop.AddCDEvents(o =>
        {
            o.Secret = secret;
            o.Sources.Add(new CDEventsSource { Source = "https://git.acme.example", Name = "git", Roles = { "scm" }, Repositories = { "acme/web" }, Branch = "main" });
            o.Sources.Add(new CDEventsSource { Source = "https://tekton.acme.example/*", Name = "tekton", Roles = { "ci", "registry" }, Repositories = { "acme/web" }, Checks = { "build" } });
            o.Sources.Add(new CDEventsSource { Source = "/clusters/eu", Name = "eu", Roles = { "deployer", "health" }, Repositories = { "acme/web" } });
            o.Environments["prod1"] = "production";
        });

        loop.AddCDEventsSink(o =>
        {
            o.Address = new Uri("https://events.acme.example/closedloop");
            o.CursorFile = "/var/lib/closedloop/cdevents.cursor";
            o.Secret = secret;
        });
    }

    public static void GitHubApp(GitHubOptions o)
    {
        o.App = new GitHubAppOptions { ClientId = "Iv23…", InstallationId = 4711, PrivateKey = File.ReadAllText("app.pem") };
    }

    public static async Task GitHubActions(GitHubActions actions, string head)
    {
        var result = await actions.EnableAutoMergeAsync("acme/web", 12, head, GitHubMergeMethod.Squash);
        if (result.Outcome == GitHubActionOutcome.NothingToWaitFor) result = await actions.MergeAsync("acme/web", 12, head, GitHubMergeMethod.Squash);
    }

    public static void GitLab(IServiceCollection services, string secret, string token)
    {
        services.AddClosedLoop(loop => loop.AddGitLab(o =>
        {
            o.Projects.Add("acme/platform/web");
            o.WebhookToken = secret;      // or o.SigningToken = "whsec_…"
            o.Token = token;
        }));
    }

    public static void GitOps(ClosedLoopBuilder loop, string secret, string token)
    {
        loop.AddArgoCD(o => { o.Environment = "production"; o.Address = new Uri("https://argocd.acme.example/"); o.Token = token; o.WebhookSecret = secret; })
            .AddArgoRollouts(o => { o.Environment = "production"; o.Address = new Uri("https://kubernetes.default.svc/"); o.TokenFile = "/var/run/secrets/kubernetes.io/serviceaccount/token"; o.CertificateAuthorityFile = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"; })
            .AddFlux(o => { o.Name = "flux-us"; o.Environment = "production"; o.WebhookSecret = secret; o.Targets.Add(new GitOpsTarget { Name = "web", Target = "us", Repository = "acme/web" }); });
    }

    public static void Gitea(IServiceCollection services, string secret, string token)
    {
        services.AddClosedLoop(loop => loop.AddGitea(o =>
        {
            o.BaseAddress = new Uri("https://git.example.org/");
            o.Repositories.Add("acme/web");
            o.WebhookSecret = secret;
            o.Token = token;
        }));
    }

    public static void Health(IServiceCollection services)
    {
        services.AddClosedLoop(loop => loop.AddHealth(o =>
        {
            o.Http.Add(new HttpHealthCheck
            {
                Name = "shop", Environment = "production", Target = "eu", Repository = "acme/shop",
                Address = new Uri("https://shop.example.org/actuator/health"), BodyPath = "status", BodyValues = { "UP" },
                VersionAddress = new Uri("https://shop.example.org/actuator/info"), VersionPath = "git.commit.id.full",
                Successes = 3, Of = 3,
            });
            o.Prometheus.Add(new PrometheusHealthCheck
            {
                Name = "shop-errors", Environment = "production", Target = "eu", Repository = "acme/shop",
                Address = new Uri("https://prometheus.example.org/"), Threshold = 0.01,
                Query = "sum(rate(http_errors_total{revision=\"$version\"}[5m])) / sum(rate(http_requests_total{revision=\"$version\"}[5m]))",
                VersionQuery = "shop_build_info{region=\"eu\"}", VersionLabel = "revision",
            });
        }));
    }

    public static void Revision(WebApplication app)
    {
        string revision = Environment.GetEnvironmentVariable("GIT_COMMIT")!;
        app.Use((context, next) => { context.Response.Headers["X-Revision"] = revision; return next(); });
    }

    public static void Kubernetes(ClosedLoopBuilder loop)
    {
        loop.AddKubernetes(o =>
        {
            o.Namespaces.Add(new KubernetesNamespace { Name = "shop", Environment = "production", LabelSelector = "closedloop=watch" });
        });
    }

    public static void Oci(IServiceCollection services, string password, string secret, string tokenWithReadPackages, string otherSecret)
    {
        services.AddClosedLoop(loop => loop
            .AddOci(o =>
            {
                o.Address = new Uri("https://registry.example.org/");
                o.Repositories.Add(new OciRepository { Name = "acme/web", GitRepository = "acme/web" });
                o.UserName = "closedloop";
                o.Password = password;
                o.WebhookSecret = secret;
            })
            .AddOci(o =>
            {
                o.Name = "ghcr";                         // its webhook: …/hooks/ghcr, its writer: registry:ghcr
                o.Flavour = OciFlavour.Ghcr;
                o.Repositories.Add(new OciRepository { Name = "acme/worker" });
                o.UserName = "acme-bot";
                o.Password = tokenWithReadPackages;
                o.WebhookSecret = otherSecret;
            }));
    }

    public static void AlertRules(ClosedLoopBuilder loop, string token)
    {
        loop.AddHealth(o =>
        {
            o.AlertToken = token;
            o.Alerts.Add(new AlertRule { Name = "shop-alerts", Environment = "production", Target = "eu", Labels = { ["service"] = "shop", ["severity"] = "critical" } });
        });
    }
}
