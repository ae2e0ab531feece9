namespace ClosedLoop.Alerting.Evaluation;

/// <summary>The names of the documents that incidents are kept in.</summary>
internal static class DocumentNames
{
    public const string State = "alerting/state";

    public const string Incidents = "alerting/incident/";

    public static string Incident(string id) => Incidents + id;

    public static string Delivery(string sink, string incident) => $"alerting/delivery/{sink}/{incident}";
}
