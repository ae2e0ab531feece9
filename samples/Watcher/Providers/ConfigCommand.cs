using ClosedLoop.AspNetCore;
using ClosedLoop.Insights;
using ClosedLoop.Pipelines;
using ClosedLoop.Samples.Watcher.Telemetry;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Samples.Watcher.Providers;

/// <summary><c>--config FILE</c>: the watcher as a service for real providers.</summary>
internal static class ConfigCommand
{
    private const string Section = "ClosedLoop";

    /// <summary>Options that hold secrets, which a file must not: files get copied, committed and shown.</summary>
    private static readonly string[] Secrets =
    [
        "GitHub:WebhookSecret", "GitHub:PreviousWebhookSecret", "GitHub:Token", "GitLab:WebhookToken", "GitLab:SigningToken", "GitLab:Token", "Gitea:WebhookSecret", "Gitea:Token", "Jenkins:WebhookToken", "Jenkins:ApiToken",
        "GitLab:PreviousWebhookToken", "GitLab:PreviousSigningToken", "Gitea:PreviousWebhookSecret", "Oci:Password", "Oci:WebhookSecret", "Kubernetes:Token", "Sinks:Webhook:Secret", .. AlertingConfiguration.Secrets,
    ];

    /// <summary>Runs until it is stopped.</summary>
    /// <returns>0 when it was stopped; 2 when the configuration does not work.</returns>
    public static async Task<int> RunAsync(WatcherArguments arguments, CancellationToken cancellationToken)
    {
        string file = Path.GetFullPath(arguments.ConfigFile!);
        if (!File.Exists(file)) return await FailAsync($"--config {arguments.ConfigFile}: there is no such file.");
        try
        {
            if (SecretIn(file) is { } secret)
                return await FailAsync($"{file} holds {Section}:{secret}. Secrets come from the environment ({Section}__{secret.Replace(":", "__", StringComparison.Ordinal)}=…) or from user secrets, never from the file; remove it there.");
            var app = Build(arguments, file);
            app.MapClosedLoopWebhooks("/hooks");
            app.MapClosedLoopApi("/api");
            app.MapClosedLoopHealth("/healthz");
            app.MapClosedLoopMetrics("/metrics");
            // The watcher knows no users: who may read the API without a token may read the pages, and nobody else.
            if (app.Services.GetRequiredService<IOptions<ClosedLoopApiOptions>>().Value.AllowAnonymousReads) app.MapClosedLoopDashboard(WatcherAddresses.Dashboard);
            await app.StartAsync(cancellationToken);
            await Console.Out.WriteLineAsync(DashboardNote(app));
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or OptionsValidationException or InvalidDataException)
        {
            return await FailAsync($"{file}: {exception.Message}{(exception.InnerException is null ? "" : $" {exception.GetBaseException().Message}")}");
        }
    }

    /// <summary>The service, not yet started and without its addresses.</summary>
    internal static WebApplication Build(WatcherArguments arguments, string file)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddJsonFile(file, optional: false).AddUserSecrets<WatcherArguments>(optional: true).AddEnvironmentVariables();
        // Both log addresses, and Jenkins' notification plugin can bring its token only in one.
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (arguments.Urls is { } urls) builder.WebHost.UseUrls(urls);
        OtlpExport.AddTo(builder);
        var section = builder.Configuration.GetSection(Section);
        builder.Services.AddClosedLoopApi(section.GetSection("Api"));
        builder.Services.AddClosedLoop(loop =>
        {
            loop.UseSqlite(o => o.Path = arguments.StorePath ?? section["Store"] ?? "closedloop.db");
            loop.AddPipeline("delivery", p => p.UseDefaultGates().DoneWhen(ReadDone(section["Done"])));
            if (section.GetSection("GitHub").Exists()) loop.AddGitHub(o => section.GetSection("GitHub").Bind(o));
            if (section.GetSection("GitLab").Exists()) loop.AddGitLab(o => section.GetSection("GitLab").Bind(o));
            if (section.GetSection("Gitea").Exists()) loop.AddGitea(o => section.GetSection("Gitea").Bind(o));
            if (section.GetSection("Oci").Exists()) loop.AddOci(o => section.GetSection("Oci").Bind(o));
            if (section.GetSection("Kubernetes").Exists()) loop.AddKubernetes(o => section.GetSection("Kubernetes").Bind(o));
            if (section.GetSection("Jenkins").Exists()) loop.AddJenkins(o => section.GetSection("Jenkins").Bind(o));
            loop.AddInsights();
            if (section.GetSection("Alerting").Exists()) loop.AddAlerting(section.GetSection("Alerting"));
            if (section.GetSection("Sinks:Webhook").Exists()) loop.AddWebhookSink(o => section.GetSection("Sinks:Webhook").Bind(o));
        });
        return builder.Build();
    }

    private static string DashboardNote(WebApplication app) => app.Services.GetRequiredService<IOptions<ClosedLoopApiOptions>>().Value.AllowAnonymousReads
        ? $"dashboard: {app.Urls.First().TrimEnd('/')}{WatcherAddresses.Dashboard}"
        : $"dashboard: off, since the watcher has no sign-in of its own. Set {Section}:Api:AllowAnonymousReads to true where everybody who reaches it may read.";

    private static DoneDefinition ReadDone(string? name) => name switch
    {
        null or "B" => Done.MergedAndMainGreen,
        "A" => Done.Merged,
        "C" => Done.RolledOut,
        "healthy" => Done.Healthy,
        _ => throw new InvalidOperationException($"{Section}:Done is '{name}'; write A (merged), B (and main CI green), C (and rolled out) or healthy."),
    };

    private static string? SecretIn(string file)
    {
        var configuration = new ConfigurationBuilder().AddJsonFile(file, optional: false).Build().GetSection(Section);
        return Array.Find(Secrets, secret => !string.IsNullOrEmpty(configuration[secret]));
    }

    private static async Task<int> FailAsync(string message)
    {
        await Console.Error.WriteLineAsync(message);
        return 2;
    }
}
