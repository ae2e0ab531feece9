using ClosedLoop.Cli.Targets;

namespace ClosedLoop.Cli.Commands;

internal static class StoreOnly
{
    /// <summary>Refuses a service where only a store will do.</summary>
    public static Target RequireStore(this Target target, string command) => target.Store is not null
        ? target
        : throw CommandFailure.Misuse($"'closedloop {command}' works on a store, not through a service: give --store sqlite:FILE or --store postgres:Host=…;Database=….");
}
