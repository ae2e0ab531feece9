using System.Diagnostics;

namespace ClosedLoop.LoadRig;

/// <summary>The rig again, as a process of its own.</summary>
internal static class ChildProcess
{
    public static ProcessStartInfo Of(params string[] arguments)
    {
        // Also where the rig is a library of its tests' process.
        string host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host, [typeof(ChildProcess).Assembly.Location, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // As a service is started, and not as the rig is: see Properties/launchSettings.json.
        start.Environment["DOTNET_ReadyToRun"] = "1";
        start.Environment["DOTNET_TieredCompilation"] = "1";
        return start;
    }
}
