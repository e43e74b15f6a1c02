"""The frame: the front page answers, headers are strict, unknown pages are answered in words."""


def test_the_front_page_is_public_and_vietnamese(client):
    response = client.get("/")
    assert response.status_code == 200
    assert 'lang="vi"' in response.text


def test_every_answer_carries_a_strict_policy(client):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy


def test_unknown_pages_are_answered_in_words(client):
    response = client.get("/khong-co")
    assert response.status_code == 404
    assert "<h1>" in response.text
