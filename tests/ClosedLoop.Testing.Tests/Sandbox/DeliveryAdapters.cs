using ClosedLoop.Adapters;
using ClosedLoop.Adapters.CDEvents;
using ClosedLoop.Adapters.GitOps;
using ClosedLoop.Adapters.Health;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Testing.Sandbox;
using ClosedLoop.Testing.Sandbox.CDEvents;
using ClosedLoop.Testing.Sandbox.Jenkins;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>The adapters that follow a world's rollouts and health.</summary>
internal static class DeliveryAdapters
{
    private const int NoLimit = 1_000_000;

    public static ClosedLoopBuilder Follow(this ClosedLoopBuilder loop, DrivenWorld world, HttpClient http, TimeSpan pollInterval, DrivenHealth health, Func<AdapterRegistration> cluster)
    {
        var (addresses, secrets) = (world.State.Addresses, world.State.Secrets);
        loop = world.State.Options.Delivery switch
        {
            SandboxDelivery.ArgoCD => loop.AddAdapter(_ => ArgoCDAdapter.Create(Options(new ArgoCDOptions { Address = addresses.ArgoCD, Token = secrets.ArgoCDToken }), http, world.Time)),
            SandboxDelivery.Flux => loop.AddAdapter(_ => FluxAdapter.Create(Options(new FluxOptions { Address = addresses.Cluster, Token = secrets.ClusterToken }), http, world.Time)),
            SandboxDelivery.ArgoRollouts => loop.AddAdapter(_ => ArgoRolloutsAdapter.Create(Options(new ArgoRolloutsOptions { Address = addresses.Cluster, Token = secrets.ClusterToken }), http, world.Time)),
            SandboxDelivery.CDEvents => loop.AddAdapter(_ => CDEventsAdapter.Create(Events())),
            _ => loop.AddAdapter(_ => cluster()),
        };
        return health == DrivenHealth.Deployer ? loop : loop.AddAdapter(_ => HealthAdapter.Create(Checks(), http, world.Time));

        T Options<T>(T options)
            where T : GitOpsOptions
        {
            options.WebhookSecret = secrets.DeliveryWebhookSecret;
            options.Environment = "production";
            options.PollInterval = pollInterval;
            options.CallsPerHour = NoLimit;
            foreach (var target in world.World.Targets) options.Targets.Add(new GitOpsTarget { Name = target.Name, Target = target.Name });
            return options;
        }

        CDEventsOptions Events()
        {
            var options = new CDEventsOptions { Secret = secrets.DeliveryWebhookSecret };
            options.Sources.Add(new CDEventsSource { Source = CDEventsSources.Deployer, Name = "sandbox", Roles = { WriterRoles.Deployer } });
            // Beside Jenkins and the registry themselves: what both say has to hold.
            options.Sources.Add(new CDEventsSource { Source = CDEventsSources.Registry, Name = "sandbox", Roles = { WriterRoles.Registry } });
            foreach (string repository in world.State.Options.Repositories)
            {
                string job = JenkinsState.Job(repository);
                options.Sources.Add(new CDEventsSource { Source = $"{CDEventsSources.Ci}/{job}", Name = job, Roles = { WriterRoles.Ci }, Repositories = { repository }, Checks = { job } });
            }
            return options;
        }

        HealthOptions Checks()
        {
            var options = new HealthOptions { PollInterval = pollInterval, SteadyInterval = pollInterval };
            foreach (var target in world.World.Targets)
            {
                if (health == DrivenHealth.Http)
                    options.Http.Add(new HttpHealthCheck { Name = target.Name, Environment = target.Environment, Target = target.Name, Repository = target.Repository, Address = target.Health, BodyPath = "status", BodyValues = { "UP" }, VersionPath = "commit" });
                else
                    options.Prometheus.Add(new PrometheusHealthCheck
                    {
                        Name = target.Name,
                        Environment = target.Environment,
                        Target = target.Name,
                        Repository = target.Repository,
                        Address = addresses.Prometheus,
                        Query = $"request_error_ratio{{target=\"{target.Name}\",revision=\"$version\"}}",
                        Threshold = 0.01,
                        VersionQuery = $"build_info{{job=\"services\",target=\"{target.Name}\"}}",
                    });
            }
            return options;
        }
    }
}
