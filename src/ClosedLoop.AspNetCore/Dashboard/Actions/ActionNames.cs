namespace ClosedLoop.AspNetCore.Dashboard.Actions;

/// <summary>What people may do on the dashboard.</summary>
internal static class ActionNames
{
    public const string Acknowledge = "acknowledge";
    public const string Silence = "silence";
    public const string Close = "close";
    public const string Waive = "waive";
}
