using ClosedLoop.Deadlines;
using ClosedLoop.Diagnostics;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Lines;
using ClosedLoop.Migration;
using ClosedLoop.Outbox;
using ClosedLoop.Rebuild;
using ClosedLoop.Reconciliation;
using ClosedLoop.Retention;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds ClosedLoop to a host.</summary>
public static class ClosedLoopServiceCollectionExtensions
{
    /// <summary>
    /// Adds ClosedLoop: <c>services.AddClosedLoop(loop => loop.UseSqlite("Data Source=closedloop.db").AddGitHub(…))</c>.
    /// Inject <see cref="ClosedLoop.IClosedLoop"/> to use it. Several parts of an application may call it; what they configure adds up.
    /// </summary>
    public static IServiceCollection AddClosedLoop(this IServiceCollection services, Action<ClosedLoopBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddLogging();
        services.AddOptions<IntakeOptions>()
            .Validate(static o => o.QueueCapacity > 0, "Intake:QueueCapacity must be 1 or more; the default is 10000.")
            .Validate(static o => o.QueueBytes > 0, "Intake:QueueBytes must be 1 or more; the default is 256 MB.")
            .Validate(static o => o.BatchCount > 0, "Intake:BatchCount must be 1 or more; the default is 256.")
            .Validate(static o => o.BatchBytes > 0, "Intake:BatchBytes must be 1 or more; the default is 8 MB.");
        services.AddOptions<RetentionOptions>()
            .Validate(static o => RetentionOptions.IsEnough(o.Deliveries), "Retention:Deliveries must be one day or more, or null to keep them for ever; the default is 30 days.")
            .Validate(static o => RetentionOptions.IsEnough(o.FactLog), "Retention:FactLog must be one day or more, or null to keep it for ever; the default is null.")
            .Validate(static o => RetentionOptions.IsEnough(o.Quarantine), "Retention:Quarantine must be one day or more, or null to keep it for ever; the default is null.");
        services.AddOptions<LimitOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LimitOptions>, LimitOptionsValidation>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ILoopStore>(static _ => new InMemoryLoopStore());
        services.TryAddSingleton(new DefaultWriter(Writer.Agent("local")));
        services.TryAddSingleton<LoopMetrics>();
        services.TryAddSingleton<TransitionFeed>();
        services.TryAddSingleton<IStoreSignal>(static s => s.GetRequiredService<TransitionFeed>());
        services.TryAddSingleton<OrdinalClock>();
        services.TryAddSingleton<PipelineCatalog>();
        services.TryAddSingleton<AdapterCatalog>();
        services.TryAddSingleton<SourceHealth>();
        services.TryAddSingleton<LineWork>();
        services.TryAddSingleton(static provider => new CoverageKinds(provider.GetRequiredService<PipelineCatalog>().All));
        services.TryAddSingleton<BatchFold>();
        services.TryAddSingleton<Committer>();
        services.TryAddSingleton<IIntake>(static s => new IntakeQueue(s.GetRequiredService<Committer>(), s.GetRequiredService<IOptions<IntakeOptions>>().Value, s.GetRequiredService<LoopMetrics>(), s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IWebhookReceiver, WebhookReceiver>();
        services.TryAddSingleton<ILoopMigration, LoopMigration>();
        services.TryAddSingleton<LogSink>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<INotificationSink, LogSink>(static s => s.GetRequiredService<LogSink>()));
        services.TryAddSingleton<OutboxHealth>();
        services.TryAddSingleton<OutboxDispatcher>();
        services.TryAddSingleton(OverdueHandling.Default);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILimitCalendar, OptionsCalendar>());
        services.TryAddSingleton<Expectations>();
        services.TryAddSingleton<LimitClock>();
        services.TryAddSingleton<ExpectationReader>();
        services.TryAddSingleton<DeadlineWatch>();
        services.TryAddSingleton<RetentionSweep>();
        services.TryAddSingleton<ItemRefold>();
        services.TryAddSingleton<RecordRebuild>();
        services.TryAddSingleton<ILoopRebuild, LoopRebuild>();
        services.TryAddSingleton<LookSweep>();
        services.TryAddSingleton<EngineStart>();
        services.TryAddSingleton<LoopEngine>();
        services.TryAddSingleton<ILoopQueries, LoopQueries>();
        services.TryAddSingleton<ClosedLoop.IClosedLoop>(static s => new LoopClient(
            s.GetRequiredService<EngineStart>(), s.GetRequiredService<IIntake>(), s.GetRequiredService<ILoopStore>(), s.GetRequiredService<PipelineCatalog>(),
            s.GetRequiredService<SourceHealth>(), s.GetRequiredService<LimitClock>(), s.GetRequiredService<TransitionFeed>(), s.GetRequiredService<OrdinalClock>(), s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<DefaultWriter>().Writer));
        services.AddHostedService<EngineService>();
        configure?.Invoke(new ClosedLoopBuilder(services));
        return services;
    }
}
