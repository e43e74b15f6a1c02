"""The register of certificates, their documents and public verification."""
